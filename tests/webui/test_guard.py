"""Every route says who may open it, every page says it safely, every word is there twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from webui.errors import STATUS
from webui.words import words

PUBLIC = {"public.index", "public.sign_in", "public.sign_in_now", "public.setup", "public.set_up"}
PUBLIC |= {"public.language", "public.healthz", "static", "api.office", "api.document"}
PUBLIC |= {"verify.ask", "verify.document", "verify.check"}
PUBLIC |= {"party.enter", "party.enter_now", "party.over"}
WEBUI = Path(__file__).parent.parent.parent / "webui"
BUILT = (WEBUI / "frontend", WEBUI / "static")
"""What is bundled: the page there is never served, it lies in what is taken away."""
SOURCES = [
    path
    for path in WEBUI.rglob("*")
    if path.suffix in (".py", ".html") and not any(one in path.parents for one in BUILT)
]
SOURCES = [p for p in SOURCES if not {"vendor", "node_modules"} & set(p.parts)]


def test_only_these_routes_are_open_to_everybody(app):
    views = app.view_functions.items()
    assert {name for name, view in views if view.access.check is None} == PUBLIC


def test_a_stranger_gets_into_none_of_the_others(app):
    stranger = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        numbered = re.sub(r"<int:[^>]+>", "1", rule.rule)
        path = re.sub(r"<[^>]+>", "rate" if "any(" in rule.rule else "x", numbered)
        for method in rule.methods & {"GET", "POST"}:
            status = stranger.open(path, method=method).status_code
            assert status == (302 if method == "GET" else 401), (method, path)


@pytest.mark.parametrize("path", ["people", "organisations", "duty", "calendar", "settings"])
def test_administration_is_for_administrators(browser, path):
    assert browser("clerk").get(f"/admin/{path}").status == 403
    assert browser("admin").get(f"/admin/{path}").status == 200


def test_incidents_are_for_those_who_may_mend(browser):
    assert browser("clerk").get("/incidents").status == 403
    assert browser("supervisor").get("/incidents").status == 200


def test_every_answer_carries_the_strict_policy(browser):
    for path in ("/inbox", "/no-such-page", "/static/app.css"):
        clerk = browser("clerk").get(path)
        policy = clerk.response.headers["Content-Security-Policy"]
        clerk.response.close()
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy


def test_pages_are_not_kept_by_caches_and_static_files_are(browser):
    clerk = browser("clerk")
    assert clerk.response.headers["Cache-Control"] == "no-store"
    style = re.search(r'href="(/static/app.css\?v=[0-9a-f]+)"', clerk.page).group(1)
    with clerk.client.get(style) as kept:
        assert "immutable" in kept.headers["Cache-Control"]


def test_no_page_holds_inline_script_or_style():
    pages = [path for path in SOURCES if path.suffix == ".html"]
    pattern = re.compile(r"<style|<script(?![^>]*src=)|\son[a-z]+=\"|\sstyle=\"|javascript:")
    assert [
        (p.name, found) for p in pages if (found := pattern.findall(p.read_text("utf-8")))
    ] == []


def test_a_page_that_nobody_has_is_refused_in_the_reader_s_language(browser):
    clerk = browser("clerk")
    clerk.get("/account/")
    clerk.post("/account/language", lang="en")
    assert "Not found" in clerk.get("/cases/").page
    assert clerk.status == 404


def test_every_family_of_refusal_has_a_status_and_a_page():
    assert sorted(STATUS.values()) == [403, 404, 409, 422, 502]


def test_every_word_is_there_in_both_languages():
    for key, said in words().items():
        assert said["zh"], key
        assert said["en"], key
        assert set(re.findall(r"{(\w+)}", said["en"])) <= set(
            re.findall(r"{(\w+)}", said["zh"])
        ) | {"more"}, key
        assert not re.search(r"[\u4e00-\u9fff]", said["en"]), key


def test_every_word_that_a_page_uses_is_there():
    used = {
        (path.name, key)
        for path in SOURCES
        for key in re.findall(
            r"""\bt\(["']([a-z_]+\.[a-z_0-9A-Z]+)["'][),]""", path.read_text("utf-8")
        )
    }
    assert {(name, key) for name, key in used if key not in words()} == set()


def test_our_scripts_keep_to_the_browser_floor():
    ours = (WEBUI / "static").glob("*.js")
    late = re.compile(r"\?\.[a-zA-Z\[(]|\?\?|\|\|=|&&=")
    for path in ours:
        code = re.sub(r"//.*|\"(?:[^\"\\]|\\.)*\"", "", path.read_text("utf-8"))
        assert not late.findall(code), path.name


def test_the_style_sheet_keeps_to_the_browser_floor():
    css = (WEBUI / "static" / "app.css").read_text("utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    flex_gap = re.findall(r"display:\s*flex[^}]*[;{\s]gap:", css)
    late = re.findall(r":has\(|:is\(|:where\(|color-mix|aspect-ratio|clamp\(|\binset:", css)
    assert flex_gap + late == []


def test_a_broken_page_says_that_nothing_was_lost(app, browser, built):
    built.store_on = None
    page = browser("clerk").get("/admin/settings")
    assert page.status == 403
    page = browser("admin").get("/admin/settings")
    assert page.status == 500
    assert "都保存着" in page.text


def test_a_telephone_finds_what_the_rail_holds_on_the_account_page(browser):
    page = browser("admin").get("/account/").page
    rail, more = re.findall(r'<li><a href="([^"]+)"', page), page.partition("only-narrow")[2]
    assert len(rail) > 15
    assert set(rail) <= set(re.findall(r'href="([^"]+)"', more.partition("</nav>")[0]))


def test_the_health_page_tells_a_monitor_in_one_word(app):
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json == {"database": "ok", "worker": "silent"}
