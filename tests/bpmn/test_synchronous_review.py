"""Application and review of one dossier run side by side and find each other by their messages."""

from __future__ import annotations

import json

import pytest

from engine.commands.signing_files import SIGNING
from engine.model import Release
from engine.package import digest
from engine.scenario.answers import signed
from engine.spiff import read_state
from engine.story import Stage, play
from engine.worker import Worker
from tests import cast
from webui.wiring import bundled

BUNDLED = {name: bundled()[name] for name in ("confirmation", "review", "seal")}
FORMS = ("prepare_application", "propose_acceptance", "register_case")
REVIEW = ("assign_judge", "check_recusal", "prescreen", "hear_parties", "review_content")
RULING = ("decide_review", "draft_ruling", "sign_ruling", "countersign_ruling")


class Dossier:
    """Both cases of one dossier; after each task whatever is due is done."""

    def __init__(self, desk, store, clock) -> None:
        desk._handlers = {SIGNING: signed}
        people = [cast.actor(login) for login in cast.PEOPLE]
        self.stage = Stage(desk, store, clock, people)
        self._work = Worker(desk, store, clock).work_due
        with store() as opened:
            for name, files in BUNDLED.items():
                opened.add_release(Release(name, digest(files), files), "a", "b", clock())
        script = told("confirmation", "own_mediation_later_seal")
        self.first = desk.begin(cast.actor("mediator"), "confirmation", script["start"]["data"])
        self._work()

    def case(self, procedure):
        with self.stage.open_store() as store:
            cases = [store.case(one) for one in store.cases_in(self.first.dossier)]
        return next((one for one in cases if one.procedure == procedure), None)

    def open(self, procedure):
        case = self.case(procedure)
        return {task.place.element for task in read_state(case.state).tasks}

    def data(self, procedure):
        return read_state(self.case(procedure).state).data

    def tell(self, procedure, scenario, *tasks):
        """The steps of a bundled story that complete these tasks and are not refused there."""
        with self.stage.open_store() as store:
            parties = {
                f"party-{n}": p.id for n, p in enumerate(store.parties(self.first.dossier), 1)
            }
        text = json.dumps(told(procedure, scenario)["steps"])
        for name, known in parties.items():
            text = text.replace(f'"{name}"', f'"{known}"')
        for step in json.loads(text):
            if step.get("task") in tasks and "refused" not in step.get("expect", {}):
                play(self.stage, self.case(procedure).id, step)
                self._work()

    def message(self, procedure, name, **payload):
        case = self.case(procedure)
        self.stage.engine.tell(cast.actor("clerk"), case.id, name, payload, "")
        self._work()


def told(procedure, scenario):
    return json.loads(BUNDLED[procedure][f"scenarios/{scenario}.json"])


@pytest.fixture
def submitted(desk, store, clock):
    dossier = Dossier(desk, store, clock)
    dossier.tell("confirmation", "own_mediation_later_seal", "prepare_application")
    dossier.tell("confirmation", "own_mediation_later_seal", "sign_application")
    return dossier


def accept(dossier) -> None:
    dossier.tell("confirmation", "on_the_spot", "propose_acceptance")
    dossier.tell("confirmation", "on_the_spot", "decide_acceptance", "register_case")


def test_review_begins_with_the_submission_not_with_the_acceptance(submitted) -> None:
    assert submitted.open("confirmation") == {"propose_acceptance"}
    assert submitted.open("review") == {"assign_judge"}
    assert submitted.case("review").org == "shiqiao-tribunal"


def test_the_ruling_waits_for_acceptance_ends_both_and_goes_to_the_seal(submitted) -> None:
    submitted.tell("review", "confirmed_on_the_spot", *REVIEW)
    assert submitted.open("review") == set()
    accept(submitted)
    assert submitted.open("review") == {"decide_review"}
    submitted.tell("review", "confirmed_on_the_spot", *RULING)
    assert submitted.data("confirmation")["review"]["result"] == "CONFIRMED"
    assert [submitted.case(name).status for name in BUNDLED] == ["ended", "ended", "open"]
    assert submitted.data("seal")["ruling"]["court"] == "yunxi-court"


def test_a_supplement_goes_there_and_back(submitted) -> None:
    submitted.tell("review", "confirmed_on_the_spot", *REVIEW[:-1])
    submitted.tell("review", "withdrawn_while_waiting", "review_content")
    assert "give_supplement" in submitted.open("confirmation")
    submitted.tell("confirmation", "supplement_for_review", "give_supplement")
    assert submitted.open("review") == {"review_content"}


def test_backing_out_before_acceptance_stops_the_review(submitted) -> None:
    submitted.message("confirmation", "application_withdrawn", by="party-2", reason="已付清")
    assert submitted.case("confirmation").status == "ended"
    assert submitted.case("review").status == "ended"


def test_a_withdrawal_after_acceptance_is_the_judges_to_permit(submitted) -> None:
    accept(submitted)
    submitted.tell("review", "confirmed_on_the_spot", *REVIEW)
    submitted.message("confirmation", "application_withdrawn", by="party-2", reason="已付清")
    assert submitted.data("review")["withdrawal"]["reason"] == "已付清"
    submitted.tell("review", "r4_last_minute_withdrawal", *RULING)
    assert submitted.data("confirmation")["review"]["result"] == "WITHDRAWAL_PERMITTED"
