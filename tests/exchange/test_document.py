"""The OpenAPI document is valid, names the routes there are, and describes what they say."""

import json
import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from engine.exchange.letters import from_us, write_letter
from engine.exchange.signing import Request, sign
from tests.exchange.test_posting import letter
from webui import create_app
from webui.api.views import read_document
from webui.offices import key_of

PROBLEM = read_document()["components"]["schemas"]["Problem"]


@pytest.fixture
def app(court):
    return create_app(built=court.built)


def send(app, office, body, sent=None, **headers):
    """A request signed by an office, maybe with another body than was signed."""
    request = Request("POST", "http://localhost/api/messages", {"Content-Type": "application/json"})
    sign(request, body, key_of(office.built.config), office.built.clock())
    told = request.headers | headers
    return app.test_client().post("/api/messages", data=sent or body, headers=told)


def test_the_document_is_valid():
    OpenAPIV31SpecValidator(read_document()).validate()


def test_it_names_every_route_and_no_other(app):
    routes = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    told = {(path, method) for path, item in read_document()["paths"].items() for method in item}
    assert told == routes
    assert app.test_client().get("/api/openapi.json").json == read_document()


@pytest.mark.usefixtures("linked")
def test_a_message_and_its_receipt_are_as_described(app, justice):
    body = write_letter(from_us(letter(), "justice"))
    schemas = read_document()["components"]["schemas"]
    assert Draft202012Validator(schemas["Message"]).is_valid(json.loads(body))
    first, second = send(app, justice, body), send(app, justice, body)
    assert (first.status_code, second.status_code) == (201, 200)
    for answer, duplicate in ((first, False), (second, True)):
        assert Draft202012Validator(schemas["Receipt"]).is_valid(answer.json)
        assert answer.json["duplicate"] is duplicate


@pytest.mark.usefixtures("linked")
@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        ({"receiver": "police"}, 403, "wrong_receiver"),
        ({"name": "answered"}, 403, "message_not_agreed"),
        ({"sender": "stranger"}, 401, "signature_wrong"),
        ({"name": ""}, 422, "letter_shape"),
    ],
)
def test_a_refusal_is_a_problem_in_the_language_asked_for(app, justice, told, status, code):
    body = write_letter(letter(**told))
    for lang, words in (("zh-CN,zh", "没有收下"), ("en", "not taken|othing was taken")):
        answer = send(app, justice, body, **{"Accept-Language": lang})
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
        assert Draft202012Validator(PROBLEM).is_valid(answer.json)
        assert answer.json["type"] == f"urn:liandiao:problem:{code}"
        assert any(word in answer.json["detail"] for word in words.split("|")), answer.json


@pytest.mark.usefixtures("linked")
def test_an_altered_body_is_turned_away(app, justice):
    body = write_letter(letter())
    answer = send(app, justice, body, body.replace(b"K-9", b"K-8"))
    assert (answer.status_code, answer.json["type"][-15:]) == (401, "signature_wrong")
    assert app.test_client().post("/api/messages", data=body).status_code == 401
