"""What the analysis says about a table before any case meets it."""

import pytest

from engine.decisions import read_decisions
from engine.decisions.analysis import analyse_tables
from engine.texts import text

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def analysed(policy, rows, values=(), default=""):
    """Findings as (code, rules or example); each row is its cells, separated by ``;``."""
    width = rows[0].count(";") + 1
    allowed = [f"<inputValues><text>{v}</text></inputValues>" for v in values] + [""] * width
    inputs = "".join(
        f'<input label="{name}"><inputExpression><text>{name}</text></inputExpression>{given}</input>'
        for name, given in zip("abcdefgh"[:width], allowed, strict=False)
    )
    other = f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" if default else ""
    rules = "".join(f"<rule>{_cells(row)}</rule>" for row in rows)
    table = f'<decisionTable hitPolicy="{policy}">{inputs}<output>{other}</output>{rules}</decisionTable>'
    decision = f'<decision id="d" name="d">{table}</decision>'
    xml = f'<definitions xmlns="{DMN}" namespace="urn:t">{decision}</definitions>'
    return list(analyse_tables(read_decisions(xml.encode())))


def _cells(row):
    *cells, last = row.split(";")
    *rest, result = last.split("->")
    cells += rest
    return (
        "".join(f"<inputEntry><text><![CDATA[{c.strip()}]]></text></inputEntry>" for c in cells)
        + f"<outputEntry><text>{result}</text></outputEntry>"
    )


def said(findings):
    return [(f.code, f.params.get("rules", ""), f.params["example"]) for f in findings]


@pytest.mark.parametrize(
    ("policy", "rows", "found"),
    [
        ("UNIQUE", ["<= 5 -> 1", "> 5 -> 2"], []),
        ("UNIQUE", ["< 5 -> 1", "> 5 -> 2"], [("table_gap", "", "a = 5")]),
        ("UNIQUE", ["<= 5 -> 1", ">= 5 -> 2"], [("table_overlap", "1, 2", "a = 5")]),
        ("UNIQUE", ["[1..3] -> 1", "[5..9] -> 2", "< 1, > 9 -> 3"], [("table_gap", "", "a = 4")]),
        ("UNIQUE", ["true -> 1", "false -> 2"], []),
        ("UNIQUE", ['"A" -> 1', 'not("A") -> 2'], []),
        ("UNIQUE", ['"A" -> 1', '"B" -> 2'], [("table_gap", "", 'a = "…"')]),
        (
            "UNIQUE",
            ['@"2026-01-01" -> 1', '< @"2026-01-01" -> 1', '>= @"2026-01-03" -> 1'],
            [("table_gap", "", "a = 2026-01-02")],
        ),
        ("ANY", ["<= 5 -> 1", ">= 5 -> 1"], []),
        ("ANY", ["<= 5 -> 1", ">= 5 -> 2"], [("table_overlap", "1, 2", "a = 5")]),
        ("FIRST", ["< 5 -> 1", "- -> 2"], []),
        ("FIRST", ["- -> 1", "< 5 -> 2"], [("table_dead_row", "2", "a = 4")]),
        ("FIRST", ["true -> 1", "false -> 2", "- -> 3"], []),
        ("FIRST", ["< 5; - -> 1", "-; true -> 2", ">= 5; false -> 3"], []),
        (
            "FIRST",
            ["< 5; - -> 1", ">= 5; true -> 2"],
            [("table_gap", "", "a = 5, b = false")],
        ),
        ("FIRST", ["- -> 1", "[9..5] -> 2"], [("table_dead_row", "2", "a = 4")]),
        ("UNIQUE", ["< limit -> 1", "< today() -> 2", "count(?) > 1 -> 3"], []),
        ("UNIQUE", ['["a".."c"] -> 1', '("c".."d") -> 2'], []),
        ("COLLECT", ["- -> 1", "< 5 -> 2"], []),
        ("COLLECT", ["true -> 1"], []),
        ("FIRST", ["not(null) -> 1", "- -> 2"], []),
    ],
)
def test_a_table_is_seen_through(policy, rows, found):
    assert said(analysed(policy, rows)) == found


def test_allowed_values_leave_no_gap_beside_them():
    assert analysed("UNIQUE", ['"A" -> 1', '"B" -> 2'], values=['"A", "B"']) == []


def test_a_default_fills_every_gap():
    assert analysed("UNIQUE", ["< 5 -> 1"], default="0") == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_finding_can_be_read(lang):
    for finding in analysed("UNIQUE", ["<= 5 -> 1", ">= 5 -> 2", "< 0, > 0; -> 3"][:2]):
        assert "a = 5" in text(finding.code, lang, finding.params)
        assert text(f"{finding.code}_hint", lang)


def test_a_wide_table_is_left_alone_in_time():
    rows = ["; ".join("true" if i == j else "-" for j in range(8)) + " -> 1" for i in range(8)]
    assert {f.code for f in analysed("FIRST", rows * 20)} <= {"table_gap", "table_dead_row"}
