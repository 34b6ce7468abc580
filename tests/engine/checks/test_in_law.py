"""What an element brings about in law is said in both languages, on an article that is registered."""

from __future__ import annotations

import pytest

from tests.engine.checks.test_check import codes, replaced

BASIS = '<ld:basis ref="S6-3"/>'
BINDS = 'zh="有约束力" en="It binds"'


def brings(effect: str) -> set[str]:
    return codes(replaced((BASIS, f"{BASIS}<ld:effect {effect}/>")))


@pytest.mark.parametrize(
    ("effect", "code"),
    [
        ('en="It binds" ref="S6-3"', "effect_missing_zh"),
        ('zh="有约束力" ref="S6-3"', "effect_missing_en"),
        (BINDS, "effect_without_basis"),
        (f'{BINDS} ref="S6-3" outcome="signed"', "effect_outcome"),
        (f'{BINDS} ref="S6-3 S99-1"', "citation_not_found"),
    ],
)
def test_an_effect_is_refused_for_what_it_lacks(effect: str, code: str) -> None:
    assert brings(effect) == {code}


def test_an_effect_may_rest_on_several_articles_and_clauses() -> None:
    assert brings(f'{BINDS} ref="S6-3 CQ2.2"') == set()
