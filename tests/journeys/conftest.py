"""A served product with believable cases in it, and a real browser in front of it."""

from __future__ import annotations

import json
import shutil
import threading
from base64 import b64encode
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from werkzeug.serving import make_server

from engine.errors import Failed
from engine.model import Pulse
from engine.model.linked import Agency
from engine.spiff import read_state
from engine.story import Stage, VirtualClock, tell
from storage import queries
from tests.cast import CLERK, ORGANISATIONS, PEOPLE, actor
from webui import create_app
from webui.assets import FRONTEND
from webui.assets import main as build_assets
from webui.config import read_config
from webui.demo.county import keep_registers
from webui.registers import schedule
from webui.walking import walk_some
from webui.wiring import build, bundled

PASSWORD = "paper-lantern-7"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
A_GENERATION = timedelta(days=25 * 365)
KEY = b64encode(bytes(range(32))).decode()
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
LATER = ".diagram, [data-draft], [data-refresh], [data-preview], [data-watch]"
"""What a page still loads for when all that it names is there."""
WIDE, NARROW = 1366, 390
WATCH = """
window.violated = [];
document.addEventListener("securitypolicyviolation", (e) => window.violated.push(e.violatedDirective));
"""


@pytest.fixture(scope="session")
def told_once(tmp_path_factory):
    """A data folder with dossiers at all stages, to be copied."""
    folder = tmp_path_factory.mktemp("told") / "data"
    tell_stories(read_config({"LIANDIAO_DATA": str(folder)}))
    return folder


@pytest.fixture(scope="module")
def site(told_once, tmp_path_factory):
    """The address of a product that is served in a thread over such a folder."""
    folder = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(told_once, folder)
    with served(read_config({"LIANDIAO_DATA": str(folder)})) as address:
        yield address


@contextmanager
def served(config):
    """The address of a product over a folder, its pages built."""
    assert build_assets() == 0
    built = build(config)
    with built.open_store() as store:
        now = datetime.now(UTC)
        store.save_pulse(Pulse("worker", now, now))
    server = make_server("127.0.0.1", 0, create_app(built=built), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    built.database.close()


def tell_stories(config):
    """The county, its mediation procedure, a dispute told to each of its steps, and one at its end."""
    clock = VirtualClock(datetime.now(UTC) - A_GENERATION)
    past = build(config, clock)
    files = bundled()
    past.engine.install({name: files[name] for name in ("mediation", "video_session")})
    past.engine.bring_people(ORGANISATIONS, PEOPLE.values(), HASH)
    stage = Stage(past.engine, past.open_store, clock, [actor(login) for login in PEOPLE])
    story, short = (
        json.loads(files["mediation"][f"scenarios/{name}.json"])
        for name in ("neighbours_settle", "m1_refused_at_once")
    )
    once = past.engine.begin(CLERK, "mediation", story["start"]["data"])
    past.engine.cancel(actor("supervisor"), once.id, "重复立案")
    clock.move(datetime.now(UTC) - timedelta(days=20))
    keep_office(past)
    for cut in range(16):
        tell(stage, "mediation", story, cut)
    tell(stage, "mediation", short)
    for _ in range(30):
        past.engine.begin(CLERK, "mediation", story["start"]["data"])
    stuck = past.engine.begin(CLERK, "mediation", story["start"]["data"])
    out = Failed("register_unreachable", permanent=True, reason="没有应答")
    past.engine.give_up(read_state(stuck.state).effects[0].id, out)
    walk_some(past, 100)
    past.database.close()


def keep_office(built):
    """Registers with entries, a linked office, and the dossiers of long ago destroyed."""
    keep_registers(built)
    valid_from = built.clock() - timedelta(days=1)
    agency = Agency("xinhe-court", "新河法院", "yunxi-court", (KEY,), ("ruled",), (), valid_from)
    built.engine.link_agency(actor("admin"), agency, "联网")
    with built.read() as db:
        old = [row.id for row in queries.dossiers(db, queries.Viewer(CLERK), "", 1)[0]]
    listed = built.engine.propose_destruction(CLERK, old, schedule(), "保管期满")
    built.engine.decide_destruction(actor("president"), listed.id, True, "同意")
    built.engine.carry_out(CLERK, listed.id, schedule())


class Visitor:
    """Somebody in front of the screen. Notices every policy violation, error and foreign request."""

    def __init__(self, chromium, site, width, height, kept=None):
        self.site = site
        size = {"width": width, "height": height}
        self.context = chromium.new_context(viewport=size, storage_state=kept)
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.foreign, self.errors = [], []
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _asked(self, request):
        if not request.url.startswith((self.site, "data:")):
            self.foreign.append(request.url)

    def sign_in(self, login, lang="zh"):
        self.open("/sign-in")
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.press("#password", "Enter")
        self.page.wait_for_url("**/inbox")
        return self.speak(lang)

    def speak(self, lang):
        if not self.page.get_attribute("html", "lang").startswith(lang):
            self.open("/account/")
            self.page.click(f"section button[value={lang}]")
        return self

    def open(self, path):
        self.page.goto(self.site + path)
        return self.settled()

    def settled(self):
        """Nothing more is on its way that the page needs to answer."""
        if self.page.query_selector(LATER):
            self.page.wait_for_load_state("networkidle")
        return self

    def complaints(self):
        """What axe, the policy and the console have to say about this page: nothing, if all is well."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        told = [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]
        return told + self.page.evaluate("window.violated") + self.foreign + self.errors

    def fits(self):
        """Whether nothing is wider than the screen."""
        return self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    def fits_both(self):
        """The same on an ordinary screen and on a telephone."""
        size = self.page.viewport_size
        other = WIDE if size["width"] == NARROW else NARROW
        is_fitting = self.fits()
        self.page.set_viewport_size({**size, "width": other})
        self.page.wait_for_function(f"window.innerWidth === {other}")
        fits_other = self.fits()
        self.page.set_viewport_size(size)
        return is_fitting and fits_other


@pytest.fixture(scope="module")
def cookies(site):
    """By login: what the browser of somebody keeps who has signed in, so that it is done once."""
    return {}


@pytest.fixture
def visitor(chromium, site, cookies):
    """``visitor("clerk", "en")``: a fresh browser in which that person is signed in."""
    opened = []

    def visit(login="", lang="zh", width=1366, height=768):
        one = Visitor(chromium, site, width, height, cookies.get(login))
        opened.append(one)
        if login in cookies:
            return one.open("/inbox").speak(lang)
        if login:
            one.sign_in(login, lang)
            cookies[login] = one.context.storage_state()
        return one

    yield visit
    for one in opened:
        one.context.close()


@pytest.fixture
def bench(visitor):
    """``bench("zh")``: the designer's draft of the video session, with its canvas open."""

    def sit(lang="zh", **size):
        one = visitor("designer", lang, **size)
        one.open("/designer/")
        one.page.click("form[action*='/video_session/drafts'] button")
        one.page.wait_for_selector("#canvas[data-opened]", state="attached")
        return one

    return sit
