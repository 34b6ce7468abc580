"""What the outside world answers when a story does not say: numbers count up, documents get an id."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from engine.model import Data, Effect
from engine.series import official
from engine.values import canonical, from_json
from engine.workdays import CHINA

Answer = Callable[[Effect], Any]


class Outside(Protocol):
    """Whoever answers the effects of a virtual case."""

    def knows(self, effect: Effect) -> bool:
        """Whether the effect is answered without being asked for in a step."""
        ...

    def give(self, effect: Effect) -> Any:
        """The FEEL value that comes back."""
        ...


def signed(effect: str, params: Data) -> Data:
    """``signature.apply`` where no keys are kept: the person's word, the file as it was."""
    return {"result": "OK", "digest": params.get("digest")}


class Answers:
    """Results of effects by element or operation; those of the story before the usual ones."""

    def __init__(self, told: Mapping[str, Any], org: str, started_at: datetime) -> None:
        self._told = {key: from_json(value) for key, value in told.items()}
        self._org = org
        self._year = started_at.astimezone(CHINA).year
        self._counts: Counter[str] = Counter()
        self._usual: Mapping[str, Answer] = {
            "numbers.next": self._number,
            "documents.record": self._document,
            "court.number": self._typed_in,
            "files.verify": self._not_held,
            "signature.apply": lambda effect: signed(effect.id, effect.params),
        }

    def knows(self, effect: Effect) -> bool:
        names = {effect.place.element, effect.operation}
        return bool(names & self._told.keys()) or effect.operation in self._usual

    def give(self, effect: Effect) -> Any:
        for name in (effect.place.element, effect.operation):
            if name in self._told:
                return self._told[name]
        return self._usual[effect.operation](effect)

    def _number(self, effect: Effect) -> Any:
        series = str(effect.params.get("series"))
        counter = self._count(series)
        number = official(series, self._year, counter)
        year = Decimal(self._year)
        row = {"series": series, "year": year, "org": self._org, "counter": Decimal(counter)}
        return {**row, "number": number}

    def _document(self, effect: Effect) -> Any:
        counter = self._count("document")
        digest = hashlib.sha256(canonical(effect.params)).hexdigest()
        return {"id": f"document-{counter}", "number": str(counter), "digest": digest}

    def _typed_in(self, effect: Effect) -> Any:
        """No court system is linked: the clerk of the next task types the number in."""
        return {"number": None, "source": "TYPED", "reason": ""}

    def _not_held(self, effect: Effect) -> Any:
        """No file lies anywhere in a story: the person of the next task compares it."""
        return {"digest": None, "result": None}

    def _count(self, series: str) -> int:
        self._counts[series] += 1
        return self._counts[series]
