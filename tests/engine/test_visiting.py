"""The second door: who is let in, what they may do there, and what the journal says of it."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest

from engine.commands import Engine
from engine.commands.visiting import Invitee, acting
from engine.errors import Conflict, EngineError
from engine.forms import party_form
from engine.forms.signing import text_digest
from engine.journal import verify
from engine.spiff import read_state
from tests.builders import BEGIN, process, release, user
from tests.builders import start as begin_at
from tests.cast import ADMIN, AUDITOR, CLERK, JUDGE, MEDIATOR
from tests.conftest import BPMN

SAID = {"zh": "签", "en": "Sign"}
PARTIES = [{"side": "A", "name": "张守信"}, {"side": "B", "name": "李长河"}]


class Shelf(dict):
    """Blobs in a dict."""

    def put(self, content):
        digest = hashlib.sha256(content).hexdigest()
        self[digest] = content
        return digest

    def has(self, digest):
        return digest in self


def form_file(party=None, order=(), **properties):
    fields = {f"/sign/{name}": {"label": SAID} for name in properties}
    table = {"table": "parties", "label": SAID, "columns": [{"key": "name", "label": SAID}]}
    ui = {
        "order": [table, *order, *fields],
        "fields": fields,
        **({"party": party} if party else {}),
    }
    inner = {"type": "object", "properties": properties}
    return json.dumps(
        {"schema": {"type": "object", "properties": {"sign": inner}}, "ui": ui}
    ).encode()


START = {
    "schema": {
        "type": "object",
        "properties": {"parties": {"$ref": "shared/types.json#/$defs/parties"}},
    },
    "ui": {"order": ["/parties"]},
}
ROWS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            name: {"type": "string", "ui": {"label": SAID}} for name in ("party", "says")
        },
    },
}
FILES = {
    "forms/sign.json": form_file(
        {"order": ["/sign/mark"], "given": {"/sign/who": "visitor.id"}},
        who={"type": "string"},
        mark={"type": "object", "format": "signature"},
    ),
    "forms/hear.json": form_file({"rows": "/sign/each", "order": ["says"]}, each=ROWS),
    "shared/rules.toml": b"",
}
XML = process(
    "start -> sign -> hear -> end",
    begin_at("start", ld_role="TRIB_CLERK"),
    user("sign", ld_role="TRIB_JUDGE", ld_party='parties[side = "A"]'),
    user("hear", ld_role="TRIB_JUDGE", ld_party="parties"),
    id="small",
)


@pytest.fixture
def blobs():
    return Shelf()


@pytest.fixture
def desk(store, clock, blobs):
    return Engine(store, clock, {}, blobs)


@pytest.fixture
def case(desk, store):
    """A dispute that waits for the signature of the first party."""
    types = (BPMN / "shared/types.json").read_bytes()
    files = FILES | {"forms/start.json": json.dumps(START).encode(), "shared/types.json": types}
    with store() as opened:
        opened.add_release(release(XML, files), "designer", "designer2", BEGIN)
    return desk.begin(CLERK, "small", {"/parties": [{**one, "kind": "NATURAL"} for one in PARTIES]})


def ids(store, case):
    with store() as opened:
        return [party.id for party in opened.parties(case.dossier)]


@pytest.fixture
def asked(desk, store, case):
    """The invitation of the first party."""
    return desk.invite(CLERK, case.dossier, Invitee(ids(store, case)[0]))


def refused(act, *args):
    with pytest.raises(EngineError) as told:
        act(*args)
    return told.value.code


def task_of(store, case):
    with store() as opened:
        return read_state(opened.case(case.id).state).tasks[0].id


def verbs(store, stream):
    with store() as opened:
        assert list(verify(opened.entries(stream))) == []
        return [(entry.verb, entry.actor, entry.role) for entry, _ in opened.entries(stream)]


def signing(desk, store, asked, case, blobs):
    """What the first party's browser sends with a signature."""
    task = task_of(store, case)
    with store() as opened:
        theirs = desk.their_task(opened, asked.invitation, task)
    made = {"digest": blobs.put(b"<svg/>"), "name": "签名.svg", "type": "image/svg+xml", "size": 6}
    signed = text_digest(party_form(theirs.whole), theirs.seen)
    return {"/sign/mark": [json.dumps(made | {"how": "PAD", "signed": signed})]}


def test_link_and_code_let_a_party_in_and_the_dossier_says_so(desk, store, case, asked):
    entered = desk.enter(asked.secret, asked.code, "10.0.0.7")
    with store() as opened:
        assert desk.visitor(opened, entered.visit.id_hash)[0].name == "张守信"
    party = ids(store, case)[0]
    assert verbs(store, f"dossier:{case.dossier}")[1:] == [
        ("invite", "clerk", ""),
        ("party_entered", party, "PARTY_A"),
    ]


def test_a_code_may_be_typed_with_spaces_and_full_width_digits(desk, asked):
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in asked.code[3:])
    assert desk.enter(asked.secret, f" {asked.code[:3]} {wide}", "").invitation == asked.invitation


def test_neither_secret_is_kept(store, case, asked):
    with store() as opened:
        kept = repr(opened.invitation(asked.invitation.id)) + repr(
            [payload for _, payload in opened.entries(f"dossier:{case.dossier}")]
        )
    assert asked.secret not in kept
    assert asked.code not in kept


def test_wrong_codes_are_journalled_and_wait_longer_each_time(desk, store, case, asked, clock):
    told = [refused(desk.enter, asked.secret, "x", "") for _ in range(3)]
    assert told == ["code_wrong", "code_wrong", "code_locked"]
    assert refused(desk.enter, asked.secret, asked.code, "") == "code_locked"
    for wait, code in ((31, "x"), (31, asked.code)):
        clock.move(clock.now + timedelta(seconds=wait))
        assert refused(desk.enter, asked.secret, code, "") == "code_locked"
    clock.move(clock.now + timedelta(seconds=30))
    assert desk.enter(asked.secret, asked.code, "").invitation.failures == 0
    noted = [verb for verb, _, _ in verbs(store, f"dossier:{case.dossier}")]
    assert noted.count("party_refused") == 4


def test_an_unknown_an_expired_and_an_ended_link_open_nothing(desk, store, case, asked, clock):
    assert refused(desk.enter, "made-up", asked.code, "") == "link_unknown"
    entered = desk.enter(asked.secret, asked.code, "")
    desk.end_invitation(CLERK, asked.invitation.id, "发错了人")
    assert refused(desk.enter, asked.secret, asked.code, "") == "link_revoked"
    with store() as opened:
        assert desk.visitor(opened, entered.visit.id_hash) is None
    again = desk.invite(CLERK, case.dossier, Invitee(ids(store, case)[1]))
    clock.move(again.invitation.expires_at)
    assert refused(desk.enter, again.secret, again.code, "") == "link_expired"


def test_a_new_link_ends_the_one_before(desk, store, case, asked):
    desk.invite(CLERK, case.dossier, Invitee(ids(store, case)[0]))
    assert refused(desk.enter, asked.secret, asked.code, "") == "link_revoked"


def test_a_visit_idles_out(desk, store, asked, clock):
    visit = desk.enter(asked.secret, asked.code, "").visit
    clock.move(clock.now + timedelta(minutes=29))
    desk.stay(visit)
    for minutes, is_in in ((29, True), (1, False)):
        clock.move(clock.now + timedelta(minutes=minutes))
        with store() as opened:
            assert bool(desk.visitor(opened, visit.id_hash)) is is_in


@pytest.mark.parametrize("who", [ADMIN, AUDITOR, MEDIATOR], ids=lambda who: who.person)
def test_only_who_works_on_the_dossier_invites(desk, store, case, who):
    whom = Invitee(ids(store, case)[0])
    assert refused(desk.invite, who, case.dossier, whom) == "may_not_invite"


def test_only_who_is_on_record_is_invited_and_an_agent_by_name(desk, store, case):
    assert refused(desk.invite, CLERK, case.dossier, Invitee("x", "债权人")) == "nobody_invited"
    unnamed = Invitee(ids(store, case)[0], agent=True)
    assert refused(desk.invite, CLERK, case.dossier, unnamed) == "nobody_invited"


def test_a_party_completes_the_task_as_anybody_would(desk, store, case, asked, blobs):
    raw = signing(desk, store, asked, case, blobs)
    assert not desk.complete_as_party(asked.invitation, task_of(store, case), raw, "").held
    party = ids(store, case)[0]
    assert verbs(store, f"case:{case.id}")[-1] == ("complete", party, "PARTY_A")
    with store() as opened:
        *_, (_, payload) = opened.entries(f"case:{case.id}")
        data = read_state(opened.case(case.id).state).data
    assert payload.data["behalf"] == {"party": party, "through": "LINK_AND_CODE"}
    assert data["sign"]["who"] == party


def test_what_was_signed_stays_readable_under_its_digest(desk, store, case, asked, blobs):
    raw = signing(desk, store, asked, case, blobs)
    desk.complete_as_party(asked.invitation, task_of(store, case), raw, "")
    with store() as opened:
        mark = read_state(opened.case(case.id).state).data["sign"]["mark"]
        assert opened.attachment(mark["signed"], case.dossier)["type"] == "application/json"
        assert opened.attachment(mark["digest"], case.dossier)["name"] == "签名.svg"
    assert json.loads(blobs[mark["signed"]])["text"][0]["rows"] == [["张守信"], ["李长河"]]
    assert mark["at"] == BEGIN


def test_a_mark_that_was_never_sent_signs_nothing(desk, store, case, asked, blobs):
    raw = signing(desk, store, asked, case, blobs)
    blobs.clear()
    task = task_of(store, case)
    assert refused(desk.complete_as_party, asked.invitation, task, raw, "") == "form_not_signed"


def test_completing_twice_says_who_did_it(desk, store, case, asked, blobs):
    task, raw = task_of(store, case), signing(desk, store, asked, case, blobs)
    desk.complete_as_party(asked.invitation, task, raw, "")
    with pytest.raises(Conflict) as twice:
        desk.complete_as_party(asked.invitation, task, raw, "")
    assert (twice.value.code, twice.value.params["who"]) == ("task_done", "张守信")


def test_an_agent_signs_for_their_party(desk, store, case, blobs):
    asked = desk.invite(CLERK, case.dossier, Invitee(ids(store, case)[0], "律师某", agent=True))
    raw = signing(desk, store, asked, case, blobs)
    desk.complete_as_party(asked.invitation, task_of(store, case), raw, "")
    with store() as opened:
        entry, _ = list(opened.entries(f"case:{case.id}"))[-1]
    assert (entry.actor, entry.role) == (asked.invitation.id, "AGENT")
    assert entry.on_behalf == ids(store, case)[0]


def test_the_other_side_and_another_dossier_find_nothing_there(desk, store, case, asked, blobs):
    task, raw = task_of(store, case), signing(desk, store, asked, case, blobs)
    other = desk.invite(CLERK, case.dossier, Invitee(ids(store, case)[1])).invitation
    elsewhere = desk.begin(CLERK, "small", {"/parties": [{**PARTIES[0], "kind": "NATURAL"}]})
    foreign = desk.invite(CLERK, elsewhere.dossier, Invitee(ids(store, elsewhere)[0])).invitation
    for stranger in (other, foreign):
        assert refused(desk.complete_as_party, stranger, task, raw, "") == "no_task"
    desk.complete_as_party(asked.invitation, task, raw, "")
    assert refused(desk.complete_as_party, foreign, task, raw, "") == "no_task"


def test_staff_verbs_are_no_way_round_for_a_party(desk, store, case, asked, blobs):
    stranger, task = acting(asked.invitation), task_of(store, case)
    with store() as opened:
        assert [one.element for one in desk.their_tasks(opened, asked.invitation)] == ["sign"]
    assert refused(desk.delegate, stranger, task, "judge", "x") == "not_candidate"
    assert refused(desk.begin, stranger, "small", {}) == "may_not_start"
    assert refused(desk.tell, stranger, case.id, "withdrawn", {}, "x") == "not_on_case"
    assert refused(desk.invite, stranger, case.dossier, Invitee("x")) == "may_not_invite"


def test_a_row_of_a_list_is_journalled_and_laid_before_staff(desk, store, case, asked, blobs):
    raw = signing(desk, store, asked, case, blobs)
    desk.complete_as_party(asked.invitation, task_of(store, case), raw, "")
    task, party = task_of(store, case), ids(store, case)[0]
    assert desk.complete_as_party(asked.invitation, task, {"/row/says": ["同意"]}, "") is None
    assert verbs(store, f"case:{case.id}")[-1] == ("give_row", party, "PARTY_A")
    with store() as opened:
        given = desk.rows_given(opened, opened.case(case.id), opened.open_task(task))
    assert given == [{"party": party, "says": "同意"}]
    assert desk.claim(JUDGE, task)
