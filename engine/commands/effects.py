"""The outside world: performing effects after commit, and taking their results in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from uuid6 import uuid7

from engine.errors import Failed
from engine.model import Case, Data, Effect, Paper
from engine.ports import ServiceHandler, Store
from engine.series import official
from engine.services.case_numbers import TypedIn, case_number
from engine.values import canonical
from engine.workdays import CHINA

from .desk import Act
from .own_signatures import OwnSignatureVerbs
from .papers import PaperVerbs, Sheet
from .printing import VERIFYING, PrintVerbs
from .signing_files import SIGNING
from .using_seals import SEALING

Register = Callable[[Store, Case, Effect], Any]
"""An operation on our own registers: performed in the transaction that takes its result in."""


class EffectVerbs(PaperVerbs, OwnSignatureVerbs, PrintVerbs):
    def perform(self, effect_id: str) -> bool:
        """Perform a pending effect and take its result in; False when it was done before.

        Raises Failed for the worker to retry; a permanent failure becomes an ``effect_failed``
        input, which an error boundary event may catch and an incident shows otherwise.
        """
        with self._open() as store:
            found = store.effect(effect_id)
        if found is None:
            return False
        _, effect = found
        if effect.operation in REGISTERS:
            return self._returned(effect_id, None, self.sheet_for(effect_id))
        handler = self._handlers.get(effect.operation) or self._at_hand(effect.operation)
        try:
            if handler is None:
                raise Failed("unknown_operation", permanent=True, operation=effect.operation)
            result = handler(effect.id, effect.params)
        except Failed as failed:
            if not failed.permanent:
                raise
            self.give_up(effect_id, failed)
            return True
        return self._returned(effect_id, {"result": result})

    def _at_hand(self, operation: str) -> ServiceHandler | None:
        """Done by this installation itself unless it has linked somebody else who does it."""
        own = {
            **AT_HAND,
            SEALING: self.apply_seal,
            SIGNING: self.sign_own,
            VERIFYING: self.verify_returned,
        }
        return own.get(operation)

    def take_result(self, effect_id: str, result: Any) -> bool:
        """Take in what somebody else did outside; False when it was done before."""
        return self._returned(effect_id, {"result": result})

    def _returned(self, effect_id: str, data: Data | None, sheet: Sheet | None = None) -> bool:
        return self._again(lambda: self._take_in(effect_id, "effect_returned", data, sheet))

    def give_up(self, effect_id: str, failed: Failed) -> bool:
        """Take in that an effect failed for good: its error code reaches the diagram."""
        data = {"error": failed.code, "reason": str(failed.params.get("reason", failed.code))}
        return self._again(lambda: self._take_in(effect_id, "effect_failed", data))

    def _take_in(
        self, effect_id: str, verb: str, data: Data | None, sheet: Sheet | None = None
    ) -> bool:
        with self._open() as store:
            found = store.effect(effect_id)
        if found is None:
            return False

        def hear(store: Store, case: Case) -> bool:
            awaited = store.effect(effect_id)
            if awaited is None:
                return False
            effect = awaited[1]
            result = data
            if result is None:
                result = {"result": REGISTERS[effect.operation](store, case, effect)}
            if sheet:
                paper = self.keep_sheet(store, case, result["result"]["id"], sheet)
                result = {"result": {**result["result"], **_file_of(paper)}}
            act = Act(verb, task=effect.id, place=effect.place, data=result)
            _, outcome = self._move(store, case, act)
            if not outcome.incident:  # else it is still owed, and tried again once mended
                store.finish_effect(effect_id)
            return True

        return self._upon(found[0], hear)


def next_number(store: Store, case: Case, effect: Effect) -> Data:
    """``numbers.next``: the next number of a series, unique on (series, effect id).

    The word of the series is part of it; ``bpmn/README.md`` lists them. It is internal: a case
    number is the court's own (``court.number``, K16).
    """
    series = str(effect.params["series"])
    year = case.started_at.astimezone(CHINA).year
    counter = store.next_number(f"{series}/{case.org}/{year}", effect.id)
    return {
        "series": series,
        "year": year,
        "org": case.org,
        "counter": counter,
        "number": official(series, year, counter),
    }


def record_document(store: Store, case: Case, effect: Effect) -> Data:
    """``documents.record``: keep a document's data in the dossier, under its digest."""
    content = {key: value for key, value in effect.params.items() if key != "kind"}
    digest = hashlib.sha256(canonical(effect.params)).hexdigest()
    counter = store.next_number(f"document/{case.dossier}", effect.id)
    document = {
        "id": str(uuid7()),
        "kind": str(effect.params["kind"]),
        "number": f"{counter}",
        "digest": digest,
        "data": content,
    }
    store.add_document(case, document)
    return {"id": document["id"], "number": document["number"], "digest": digest}


def _file_of(paper: Paper) -> Data:
    """What later steps seal and print by: the digest of the PDF and its pages; {} when none was set."""
    pages = max((int(one["page"]) for one in paper.anchors), default=1)
    return {"file": paper.file, "pages": pages} if paper.file else {}


AT_HAND: Mapping[str, ServiceHandler] = {"court.number": case_number(TypedIn())}
"""Done without anybody outside unless an installation has linked somebody who does it."""

REGISTERS: Mapping[str, Register] = {
    "numbers.next": next_number,
    "documents.record": record_document,
}
