"""What may change from outside: settings and calendar days. Each change makes new facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from uuid6 import uuid7

from engine.access import may_administer
from engine.errors import Invalid, NotAllowed, NotFound
from engine.facts import Where, upgraded, with_day, with_setting
from engine.model import Actor, CalendarDay, Facts, SettingValue
from engine.workdays import CHINA

from .desk import Act, Desk


class SettingVerbs(Desk):
    def ship_facts(self, shipped: Facts) -> Facts:
        """Take in what this version of the product brings, journalled; the facts in use afterwards."""
        return self._again(lambda: self._ship_facts(shipped))

    def _ship_facts(self, shipped: Facts) -> Facts:
        now = self.clock()
        with self._open() as store:
            try:
                current = store.current_facts()
            except NotFound:
                store.add_facts(shipped, now)
                return shipped
            facts = upgraded(current, shipped)
            if facts.digest != current.digest:
                store.add_facts(facts, now)
                act = Act("ship", data={"before": current.digest, "facts": facts.digest})
                self._record(store, "setting:shipped", act)
        return facts

    def set_setting(
        self, actor: Actor, setting_id: str, value: Any, where: Where, reason: str
    ) -> Facts:
        """A value of a setting for a layer and from a day on, with a reason; returns the new facts.

        ``value`` is plain JSON or a FEEL value. NotFound (setting_unknown); Invalid (setting_layer,
        setting_value, ends_before_start, say_why). Running cases keep their facts until brought
        to the new ones (``acknowledge_facts``).
        """
        _allowed(actor, reason)
        if where.since and where.until and where.until < where.since:
            raise Invalid("ends_before_start")
        now = self.clock()
        with self._open() as store:
            facts = with_setting(store.current_facts(), setting_id, value, where)
            row = SettingValue(
                id=str(uuid7()),
                setting=setting_id,
                layer=where.of,
                value=value,
                valid_from=_start(where.since) or now,
                made_by=actor.person,
                made_at=now,
                reason=reason,
                valid_until=_start(where.until + timedelta(days=1)) if where.until else None,
            )
            store.add_setting(row)
            store.add_facts(facts, now)
            data = {
                "value": value,
                "layer": where.layer,
                "of": where.of,
                "since": where.since,
                "until": where.until,
                "facts": facts.digest,
            }
            act = Act("set", actor, data=data, reason=reason)
            self._record(store, f"setting:{setting_id}", act)
        return facts

    def set_day(
        self, actor: Actor, day: date, kind: Literal["off", "on"], name: str, reason: str
    ) -> Facts:
        """A day off or a make-up working day in the calendar of mainland China; the new facts."""
        _allowed(actor, reason)
        now = self.clock()
        with self._open() as store:
            facts = with_day(store.current_facts(), "CN", day, kind)
            store.add_calendar_day(
                CalendarDay(str(uuid7()), "CN", day, kind, name.strip(), actor.person, now)
            )
            store.add_facts(facts, now)
            data = {"day": day, "kind": kind, "name": name.strip(), "facts": facts.digest}
            self._record(store, "setting:calendar.CN", Act("set", actor, data=data, reason=reason))
        return facts


def _allowed(actor: Actor, reason: str) -> None:
    if not may_administer(actor):
        raise NotAllowed("may_not_administer")
    if not reason.strip():
        raise Invalid("say_why")


def _start(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), CHINA).astimezone(UTC) if day else None
