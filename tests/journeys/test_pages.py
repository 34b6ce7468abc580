"""Every page, in both languages, wide and narrow: nothing to complain about."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.journeys.conftest import NARROW, WIDE, Visitor, served
from webui import AUDIENCES
from webui.config import read_config

STAFF = (
    *("/account/substitutes", "/duty"),
    *("/inbox", "/inbox?tab=available", "/inbox?tab=done", "/dossiers", "/start", "/hand-overs"),
)
ADMIN = (
    "/incidents",
    "/admin/people",
    "/admin/people/clerk",
    "/admin/organisations?id=yunxi-court",
    "/admin/offices",
    "/admin/offices/xinhe-court",
    "/admin/duty",
    "/admin/calendar",
    "/admin/settings",
    "/admin/settings/warning_red_hours",
    "/admin/health",
    "/registers/",
    "/ledger/",
    "/seals/",
    "/seals/ledger",
    "/retention/",
    "/retention/due?on=2040-01-01",
    *(f"/retention/{one}" for one in ("lists", "holds", "certificates")),
    "/v",
    "/registers/rooms",
    "/registers/rooms/new",
    "/registers/rooms/bring",
    "/account/",
    "/account/password",
    "/no-such-page",
)
MAP = (
    "/journal",
    "/journal/proof",
    "/journal?kind=late&procedure=mediation",
    "/journal/figures",
    "/journal/figures?show=waited&size=full&type=NEIGHBOUR",
    "/journal/figures/cases?procedure=mediation&fact=entered%09%09explain_options",
    "/clauses",
    "/clauses/CQ1.2",
    "/clauses/S6-12",
    "/sources/S17?on=2025-06-01",
)
FOUND = {
    "/retention/lists": "[data-rows] a.go[href*='/lists/']",
    "/retention/certificates": "a.go[href*='/certificates/']",
    "/registers/rooms": "[data-rows] a.go",
}
"""What these lists lead to is looked at as well."""
ELSEWHERE = {
    "test_designer_pages": "designer.index designer.draft designer.review designer.whatif "
    "designer.history designer.moving designer.told designer.would_move",
    "test_editors": "authoring.form authoring.preview authoring.table authoring.letter_sheet "
    "authoring.scenarios authoring.scenario authoring.rehearsal authoring.play_correct",
    "test_party": "party.enter party.home party.task party.opinion party.telling party.over "
    "party.invitations",
    "test_repairing": "mending.repair audit.entry",
    "test_verify": "verify.document",
    "test_watching": "audit.watch audit.text audit.timeline",
}
"""Pages that the journeys in these files look at."""
HERE = {
    *("inbox.task", "inbox.after", "inbox.beginning", "dossiers.dossier", "dossiers.case"),
    *("dossiers.about_file", "dossiers.printing", "papers.document", "mending.correction"),
    *("retention.one_list", "retention.certificate", "records.entry", "records.change"),
    *("public.setup", "public.sign_in"),
}
"""Pages that are come to by links, below."""
NO_PAGES = {
    *("static", "public.index", "public.healthz", "public.language", "api.office"),
    *("dossiers.file", "dossiers.print_file", "designer.read"),
    "authoring.new_letter",
}
"""Answers that are files, a word for machines, or lead on."""
BOTH = pytest.mark.parametrize(("lang", "width"), [("zh", WIDE), ("en", NARROW)])
"""Each page is looked at in both languages, once wide and once narrow, and fits either screen."""
ASKED = {"zh": "征询调解意愿", "en": "Ask"}
TABS = (
    *("progress", "cases", "documents", "delivery", "parties"),
    *("related", "clocks", "recusals", "keeping", "readers"),
)


def pages_of_a_dossier(one):
    """The addresses of one task, its dossier with all tabs, its case, a document, a file, what prints."""
    one.open("/inbox?tab=available")
    task = one.page.get_attribute("a.go", "href")
    dossier = one.page.get_attribute("[data-rows] td a[href^='/dossiers/']", "href")
    one.open(f"{dossier}?tab=cases")
    case = one.page.get_attribute("a.go[href^='/cases/']", "href")
    one.open(f"{dossier}?tab=documents")
    document = one.page.get_attribute("a[href^='/documents/']", "href")
    photo = {"name": "photo.png", "mimeType": "image/png", "buffer": one.page.screenshot()}
    one.page.set_input_files("#file", photo)
    one.page.click("#files form button")
    file = one.page.get_attribute("#files a.go", "href")
    one.open(f"{dossier}?tab=delivery")
    paper = one.page.get_attribute("a[href*='/print/']", "href")
    one.open("/inbox?tab=done")
    after = one.page.get_attribute("[data-rows] a[href^='/tasks/']", "href")
    return [task, after, case, document, file, paper, *(f"{dossier}?tab={tab}" for tab in TABS)]


def found(one):
    """Where the lists of the administrator lead."""
    paths = [one.open(path).page.get_attribute(rows, "href") for path, rows in FOUND.items()]
    return [*paths, f"{paths[-1]}/change"]


def test_every_page_there_is_is_looked_at():
    app = Flask("pages")
    for audience in AUDIENCES:
        app.register_blueprint(audience.views)
    addresses = app.url_map.bind("")
    opened = [*STAFF, *ADMIN[:-1], *MAP]
    seen = {addresses.match(path.partition("?")[0])[0] for path in opened} | HERE | NO_PAGES
    seen |= {name for names in ELSEWHERE.values() for name in names.split()}
    asked = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    files = {rule.endpoint for rule in app.url_map.iter_rules() if "." in rule.rule}
    assert asked - files == seen - files
    assert all((Path(__file__).parent / f"{name}.py").exists() for name in ELSEWHERE)


def walk(one, paths):
    """What each page has to complain about, and whether it fits an ordinary screen and a telephone."""
    told = {}
    for path in paths:
        one.open(path)
        told[path] = one.complaints() + ([] if one.fits_both() else ["too wide"])
    return {path: said for path, said in told.items() if said}


@BOTH
def test_the_pages_of_staff_are_sound(visitor, lang, width):
    clerk = visitor("clerk", lang, width=width, height=844)
    assert walk(clerk, [*STAFF, *pages_of_a_dossier(clerk), "/start/mediation"]) == {}


def a_correction(one):
    """The address at which a supervisor corrects some running case."""
    one.open("/dossiers")
    dossier = one.page.get_attribute("[data-rows] a.go", "href")
    one.open(f"{dossier}?tab=cases")
    return one.page.get_attribute("a.go[href^='/cases/']", "href") + "/correct"


def preview(one):
    """Type something over and ask for before and after."""
    one.page.locator(".form-body input[type=text]").first.fill("更正后的案由")
    one.page.fill("#freason", "登记时写错")
    with one.page.expect_navigation():
        one.page.locator(".actions .btn.primary").click()


@BOTH
def test_the_pages_of_a_correction_are_sound(visitor, lang, width):
    supervisor = visitor("supervisor", lang, width=width, height=844)
    assert walk(supervisor, [a_correction(supervisor)]) == {}
    preview(supervisor)
    assert supervisor.page.locator("button[name=confirm]").count() == 1
    assert supervisor.complaints() == []
    assert supervisor.fits()


@BOTH
def test_a_party_s_task_and_a_kept_list_are_sound(visitor, lang, width):
    clerk = visitor("clerk", lang, width=width, height=844).open("/inbox?tab=available&sort=old")
    clerk.page.fill("#view-name", f"急件 {lang}")
    with clerk.page.expect_navigation():
        clerk.page.click(".keep-view button")
    asked = clerk.page.locator("a.go", has_text=ASKED[lang])
    if not asked.count():  # taken already, in the other language
        clerk.open("/inbox?tab=mine")
    clerk.open(asked.first.get_attribute("href"))
    for button in clerk.page.locator("button[data-claim]").all():
        button.click()
    clerk.page.wait_for_selector(".behalf")
    assert clerk.complaints() == []
    assert clerk.fits()
    assert walk(clerk, ["/inbox?tab=available&sort=old"]) == {}


@BOTH
def test_the_pages_of_administration_are_sound(visitor, lang, width):
    admin = visitor("admin", lang, width=width, height=844)
    assert walk(admin, [*ADMIN, *found(admin)]) == {}


@BOTH
def test_the_map_of_the_policy_is_sound(visitor, lang, width):
    auditor = visitor("auditor", lang, width=width)
    assert walk(auditor, MAP) == {}


def test_the_front_door_is_sound(visitor, chromium, tmp_path):
    assert walk(visitor(), ["/sign-in", "/language/en"]) == {}
    with served(read_config({"LIANDIAO_DATA": str(tmp_path)})) as address:
        first = Visitor(chromium, address, 390, 844)
        assert walk(first, ["/sign-in", "/setup", "/language/en?next=/setup"]) == {}
        first.context.close()


def test_dark_and_forced_colours_are_sound(visitor):
    clerk = visitor("clerk")
    paths = ["/inbox?tab=available", *pages_of_a_dossier(clerk)[:2]]
    clerk.page.emulate_media(color_scheme="dark")
    assert walk(clerk, paths) == {}
