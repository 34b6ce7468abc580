"""The table of messages: whatever one procedure sends another hears, or it is said here why not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.diagram import Diagram, Node, read_diagram
from engine.feel import parse

BPMN = Path(__file__).parents[2] / "bpmn"
DIAGRAMS: Mapping[str, Diagram] = {
    path.parent.name: read_diagram(path.read_bytes())
    for path in sorted(BPMN.glob("*/process.bpmn"))
}
THROWING = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})

LEAVES = {
    "mediation_returned": "to the trial system, unless police_mediation waits for it",
    "not_admitted": "to the deciding court, which proposes anew by hand or lets it be",
    "rest_to_mediate": "to the trial system: what was not settled of a suit already filed",
    "sham_pursued": "to police or prosecutors (a suspected crime) or to the court's sanction",
}
"""Sent, and heard by none of ours: it leaves as a signed message or a hand-over item."""

TOLD = {
    "appraisal_ended": "the office: the person left the post or the roster",
    "application_withdrawn": "a party",
    "certificate_revoked": "the certification authority",
    "commendation_stopped": "the secretariat",
    "complaint_filed": "a party, through an office",
    "complaint_withdrawn": "the complainant",
    "consent_withdrawn": "who consented",
    "consultation_withdrawn": "who asked",
    "danger_raised": "whoever is there",
    "default_reported": "the creditor",
    "extension_asked": "mediator or judge",
    "illness_found": "officer or doctor",
    "incident_noticed": "officer or doctor",
    "incident_worsened": "whoever is there",
    "leave_asked": "the detainee or a close relative",
    "mediation_barred": "police or a party",
    "objection_filed": "a party or third party",
    "paper_copy_asked": "a party",
    "performance_missed": "the creditor",
    "recusal_asked": "a party",
    "replacement_asked": "a party or the mediator",
    "risk_flagged": "mediator or participant",
    "roster_left": "the member",
    "ruling_recalled": "judge or court",
    "sham_suspected": "mediator, judge or third party",
    "training_cancelled": "the office that organises",
    "unfit_found": "officer or doctor",
}
"""Heard, and sent by no procedure: somebody tells it to the case, or an office sends it."""

INSIDE = "inside one case: task or timer"
SECTION_13 = {
    "ReferralOffered": INSIDE,
    "ReferralAccepted": INSIDE,
    "ReferralDeclined": INSIDE,
    "OtherPartyAnswered": INSIDE,
    "RiskRaised": "risk_raised",
    "WarningAcked": INSIDE,
    "WarningLifted": INSIDE,
    "ConfirmationSubmitted": "confirmation_submitted",
    "Accepted": "confirmation_accepted",
    "NotAccepted": "confirmation_not_accepted",
    "SupplementAsked": "supplement_asked",
    "SupplementGiven": "supplement_given",
    "Withdrawn": "confirmation_withdrawn",
    "RulingSigned": "ruling_signed",
    "RulingSealed": "ruling_sealed",
    "SealFailed": "seal_failed",
    "RulingReturned": "ruling_sealed",
    "ServiceProved": "service_proved",
    "ObjectionFiled": "objection_filed",
    "PerformanceMissed": "performance_missed",
    "DetentionApproved": "detention_approved",
    "HandoverMade": INSIDE,
    "Admitted": "admitted",
    "NotAdmitted": "not_admitted",
    "FirstTalkDone": INSIDE,
    "PlanApproved": INSIDE,
    "SettlementReached": "settlement_reached",
    "StopProposed": INSIDE,
    "StopDecided": INSIDE,
    "EarlyReleaseDecided": INSIDE,
    "LeaveAsked": "leave_asked",
    "LeaveDecided": INSIDE,
    "ReviewDecided": "review_decided",
    "TermEnded": "term_ended",
    "ActionItemDue": "meeting_topic_raised",
    "AppraisalDue": "appraisal_due",
    "CommendationYear": "commendation_year",
    "IndicatorRed": "indicator_red",
}
"""The messages of the rule pack by the names they have in the diagrams."""


def ends(thrown: bool) -> Mapping[str, list[tuple[str, Node]]]:
    """Who sends (or hears) each message."""
    found = defaultdict(list)
    for procedure, diagram in DIAGRAMS.items():
        for node in diagram.nodes.values():
            refs = [event.ref for event in node.events if event.kind == "message"]
            refs += [node.message] if node.message else []
            for ref in refs:
                if (node.type in THROWING) == thrown:
                    found[diagram.messages[ref].name].append((procedure, node))
    return found


SENT, HEARD = ends(thrown=True), ends(thrown=False)


def test_every_message_has_both_ends_or_a_reason() -> None:
    assert SENT.keys() - HEARD.keys() == LEAVES.keys() - HEARD.keys()
    assert HEARD.keys() - SENT.keys() == TOLD.keys()


def test_what_leaves_is_sent() -> None:
    assert LEAVES.keys() <= SENT.keys()


@pytest.mark.parametrize(("name", "ours"), SECTION_13.items(), ids=SECTION_13)
def test_a_message_of_the_rule_pack_is_there(name: str, ours: str) -> None:
    both = ours in SENT and ours in HEARD
    assert both or ours in LEAVES or ours in TOLD or ours == INSIDE, name


@pytest.mark.parametrize("name", sorted(SENT.keys() & HEARD.keys()))
def test_a_sender_says_in_whose_name_the_case_begins(name: str) -> None:
    homes = [node.org for _, node in HEARD[name] if node.type == "startEvent" and node.org]
    wanted = {path.split(".")[0] for org in homes if "null" not in org for path in parse(org).names}
    for procedure, _ in SENT[name]:
        assert wanted <= payload(procedure, name)


def payload(procedure: str, name: str) -> set[str]:
    messages = DIAGRAMS[procedure].messages.values()
    return {key for message in messages if message.name == name for key in message.payload}


@pytest.mark.parametrize("name", sorted(SENT.keys() | HEARD.keys()))
def test_a_message_has_a_key(name: str) -> None:
    for procedure, _ in [*SENT.get(name, ()), *HEARD.get(name, ())]:
        assert all(m.key for m in DIAGRAMS[procedure].messages.values() if m.name == name)
