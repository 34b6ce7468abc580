"""What the product runs on: settings and calendar days by date and layer, duty posts and shifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

import sqlalchemy as sa

from engine.model import CalendarDay, DutyPost, SettingValue, Shift
from storage.tables import calendar_days, duty_posts, settings, shifts

from .transaction import Transaction

SETTING = tuple(field.name for field in fields(SettingValue))
DAY = tuple(field.name for field in fields(CalendarDay))


class RunningRows(Transaction):
    def settings_at(self, moment: datetime) -> Sequence[SettingValue]:
        """Every value valid then, the later made after the earlier, so that the last one holds."""
        query = sa.select(*(settings.c[name] for name in SETTING)).where(
            settings.c.valid_from <= moment,
            settings.c.valid_until.is_(None) | (settings.c.valid_until > moment),
        )
        rows = self.run(query.order_by(settings.c.setting, settings.c.layer, settings.c.made_at))
        return [SettingValue(**row._mapping) for row in rows]

    def add_setting(self, value: SettingValue) -> None:
        """A new version; earlier ones stay as they were."""
        self.run(sa.insert(settings), asdict(value))

    def calendar_days(self, calendar: str) -> Sequence[CalendarDay]:
        """Every edited day of a calendar in the order made: of two for one day the later holds."""
        query = sa.select(*(calendar_days.c[name] for name in DAY))
        rows = self.run(
            query.where(calendar_days.c.calendar == calendar).order_by(
                calendar_days.c.day, calendar_days.c.made_at
            )
        )
        return [CalendarDay(**row._mapping) for row in rows]

    def add_calendar_day(self, day: CalendarDay) -> None:
        self.run(sa.insert(calendar_days), asdict(day))

    def save_duty_post(self, post: DutyPost) -> None:
        self.upsert(duty_posts, [asdict(post)])

    def save_shift(self, shift: Shift) -> None:
        self.upsert(shifts, [asdict(shift)])

    def on_duty(self, post_id: str, moment: datetime) -> Sequence[str]:
        """Who is on duty then: person ids."""
        query = sa.select(shifts.c.person).where(
            shifts.c.post == post_id, shifts.c.starts_at <= moment, shifts.c.ends_at > moment
        )
        return list(self.run(query.order_by(shifts.c.starts_at)).scalars())
