"""Facts: named by their content, changed into new ones, resolved by layer and day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from engine.citations import cite, together, versions_on
from engine.errors import Invalid, NotFound
from engine.facts import (
    Where,
    build_facts,
    localized,
    sealed,
    setting,
    upgraded,
    with_day,
    with_setting,
    with_year,
)
from engine.model import Facts, Organisation
from engine.workdays import calendar_of

SHARED = Path(__file__).parents[2] / "bpmn" / "shared"
TOWN = Organisation("committee-1", "青石镇人民调解委员会", "COMMITTEE", area="500100")
TODAY = date(2026, 6, 1)


@cache
def published() -> Facts:
    return build_facts(SHARED)


def test_the_same_files_give_the_same_digest() -> None:
    assert build_facts(SHARED) == published()


def test_a_changed_day_gives_other_facts_and_changing_it_back_the_first() -> None:
    spring = date(2026, 2, 17)
    changed = with_day(published(), "CN", spring, "on")
    assert changed.digest != published().digest
    assert not calendar_of(changed.calendars).rests(spring)
    assert with_day(changed, "CN", spring, "off") == published()


def test_a_published_year_makes_its_dates_certain() -> None:
    facts = with_year(published(), "CN", 2027, [date(2027, 2, 8)], [date(2027, 2, 13)])
    calendar = calendar_of(facts.calendars)
    assert calendar.knows(date(2027, 12, 31))
    assert calendar.rests(date(2027, 2, 8))
    assert not calendar.rests(date(2027, 2, 13))


def earlier() -> Facts:
    """What an older version shipped: one year less, one setting less, another default."""
    facts = published()
    days = facts.calendars["CN"]
    known = {kind: [day for day in days[kind] if day < "2026"] for kind in ("off", "on")}
    rows = {key: dict(row) for key, row in facts.registers["settings"].items()}
    del rows["video_retries"]
    rows["supplement_days"]["default"] = Decimal(4)
    settings = {key: row["default"] for key, row in rows.items()}
    calendars = {"CN": {**known, "known_until": "2025-12-31"}}
    return sealed(calendars, settings, {**facts.registers, "settings": rows})


def test_an_upgrade_brings_years_settings_and_defaults() -> None:
    assert upgraded(earlier(), published()) == published()


def test_an_upgrade_keeps_what_somebody_set_or_corrected() -> None:
    used = with_setting(earlier(), "supplement_days", 8)
    used = with_setting(used, "warning_red_hours", 1, Where("province", "50"))
    facts = upgraded(with_day(used, "CN", date(2025, 6, 3), "off"), published())
    assert facts.settings["supplement_days"] == 8
    assert setting(facts, "warning_red_hours", TOWN, TODAY) == 1
    assert calendar_of(facts.calendars).rests(date(2025, 6, 3))


def test_an_upgrade_without_news_changes_nothing() -> None:
    used = with_setting(published(), "supplement_days", 8)
    assert upgraded(used, published()) is used


def test_an_unknown_calendar_is_named() -> None:
    with pytest.raises(NotFound, match="calendar_unknown"):
        with_day(published(), "HK", TODAY, "off")


def test_the_nearest_layer_wins() -> None:
    facts = with_setting(published(), "supplement_days", 7, Where("province", "50"))
    assert setting(facts, "supplement_days", TOWN, TODAY) == 7
    facts = with_setting(facts, "supplement_days", 3, Where("organisation", TOWN.id))
    assert setting(facts, "supplement_days", TOWN, TODAY) == 3
    assert setting(facts, "supplement_days", None, TODAY) == 5


def test_another_province_keeps_the_policy() -> None:
    facts = with_setting(published(), "supplement_days", 7, Where("province", "53"))
    assert localized(facts, TOWN, TODAY) is facts


def test_a_value_holds_from_its_first_to_its_last_day() -> None:
    where = Where("province", "50", date(2026, 7, 1), date(2026, 7, 31))
    facts = with_setting(published(), "warning_red_hours", 1, where)
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1)]
    assert [setting(facts, "warning_red_hours", TOWN, day) for day in days] == [2, 1, 1, 2]


def test_setting_the_same_place_again_replaces() -> None:
    where = Where("organisation", TOWN.id)
    twice = with_setting(
        with_setting(published(), "video_retries", 5, where), "video_retries", 4, where
    )
    assert len(twice.registers["overrides"]) == 1
    assert setting(twice, "video_retries", TOWN, TODAY) == Decimal(4)


def test_an_organisation_cannot_loosen_what_a_province_decides() -> None:
    with pytest.raises(Invalid, match="setting_layer"):
        with_setting(published(), "warning_red_hours", 9, Where("organisation", TOWN.id))


@pytest.mark.parametrize("value", ["3", -1, Decimal("1.5"), None, True])
def test_a_value_of_another_kind_is_refused(value: object) -> None:
    with pytest.raises(Invalid, match="setting_value"):
        with_setting(published(), "supplement_days", value)


def test_a_choice_is_one_of_those_offered() -> None:
    with pytest.raises(Invalid, match="setting_value"):
        with_setting(published(), "release_hour", "whenever")


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(NotFound, match="setting_unknown"):
        setting(published(), "coffee_breaks", None, TODAY)


def test_a_citation_reads_as_lawyers_write_it() -> None:
    assert cite(published().registers, "S6-12").text == {
        "zh": "《人民法院在线调解规则》第12条",
        "en": "Online Mediation Rules of the People's Courts, art. 12",
    }


def test_an_act_is_named_once_for_several_articles() -> None:
    some = [cite(published().registers, ref) for ref in ("S6-12", "CQ4.4", "S6-15")]
    assert together(some, "zh")[0] == "《人民法院在线调解规则》第12条、第15条"
    assert together(some, "en")[0].endswith("People's Courts, art. 12, art. 15")
    assert len(together(some, "zh")) == 2


def test_a_source_whose_title_was_not_seen_bears_no_title_marks() -> None:
    assert cite(published().registers, "S31").text["zh"] == "人民法院诉讼档案保管期限"


def test_items_and_paragraphs_are_said() -> None:
    assert cite(published().registers, "S1-101(4)").text["zh"].endswith("第101条第（4）项")
    assert cite(published().registers, "S18-178p2").text["en"].endswith("art. 178 para. 2")


def test_a_citation_follows_the_day_of_the_act() -> None:
    before = cite(published().registers, "S17-126", date(2025, 12, 31))
    after = cite(published().registers, "S17-126", date(2026, 1, 1))
    assert (before.text["zh"], before.level) == ("《治安管理处罚法》（2012修正）第107条", "V1")
    assert (after.text["zh"], after.level) == ("《治安管理处罚法》（2025修订）第126条", "V2")


def test_an_article_without_a_known_old_number_names_the_newest_text() -> None:
    said = cite(published().registers, "S17-130", date(2025, 6, 1)).text["en"]
    assert said == "Public Security Administration Punishments Law (2025 revision), art. 130"


@pytest.mark.parametrize("ref", ["S99-1", "S6-", "S6-12b", "CQ9.9", ""])
def test_an_unknown_citation_is_named(ref: str) -> None:
    with pytest.raises(NotFound, match="citation_unknown"):
        cite(published().registers, ref)


@pytest.mark.parametrize(
    ("on", "numbered", "before", "after"),
    [
        (date(2025, 12, 31), True, None, "2025修订"),
        (date(2026, 1, 1), False, "2012修正", None),
        (date(2000, 1, 1), True, None, "2025修订"),
    ],
)
def test_a_day_has_its_version_and_its_neighbours(on, numbered, before, after):
    version, earlier, later = versions_on(published().registers["sources"]["S17"], on)
    assert ("numbers" in version) is numbered
    assert (earlier and earlier["zh"], later and later["zh"]) == (before, after)
