"""A newer version of the product brings its settings and holidays into the facts in use."""

from __future__ import annotations

from datetime import date, timedelta

from engine.facts import sealed, with_day
from engine.model import Facts
from tests.builders import BEGIN


def older(facts: Facts) -> Facts:
    """Without the last setting, as a version before it would have shipped them."""
    rows = dict(list(facts.registers["settings"].items())[:-1])
    settings = {key: facts.settings[key] for key in rows}
    return sealed(facts.calendars, settings, {**facts.registers, "settings": rows})


def test_a_newer_version_brings_its_settings(desk, store, clock, facts):
    clock.move(BEGIN + timedelta(days=1))
    with store() as opened:
        opened.add_facts(with_day(older(facts), "CN", date(2026, 6, 3), "off"), clock())
    clock.move(BEGIN + timedelta(days=2))
    shipped = desk.ship_facts(facts)
    assert "listed_extension_months" in shipped.settings
    assert "2026-06-03" in shipped.calendars["CN"]["off"]
    with store() as opened:
        assert opened.current_facts() == shipped
        assert opened.head("setting:shipped").verb == "ship"


def test_the_same_version_brings_nothing(desk, store, facts):
    assert desk.ship_facts(facts).digest == facts.digest
    with store() as opened:
        assert opened.head("setting:shipped") is None
