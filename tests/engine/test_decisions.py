"""Decision tables and the types of their values; what a bad file is refused for."""

from decimal import Decimal

import pytest

from engine.decisions import decide, explain, read_decisions
from engine.errors import Invalid, NotFound
from tests.engine.small_decisions import (
    decision,
    definitions,
    literal,
    outcome,
    table,
)

ROWS = [("< 10", '"small"'), ("> 3", '"big"'), ("-", '"any"')]
NUMBERS = [("< 10", "1"), ("> 3", "2"), ("-", "4"), ("> 99", "8")]


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        ("FIRST", "small"),
        ("RULE ORDER", ["small", "big", "any"]),
        ("COLLECT", ["small", "big", "any"]),
        ("PRIORITY", "any"),
        ("OUTPUT ORDER", ["any", "big", "small"]),
    ],
)
def test_hit_policies(policy, value):
    assert outcome(table(policy, ROWS, values='"any", "big", "small"')).outputs == value


@pytest.mark.parametrize(
    ("aggregation", "value"), [("SUM", 7), ("MIN", 1), ("MAX", 4), ("COUNT", 3)]
)
def test_collected_numbers_are_summed_up(aggregation, value):
    assert outcome(table("COLLECT", NUMBERS, aggregation=aggregation)).outputs == value


def test_a_unique_table_takes_its_only_row():
    decided = outcome(table("UNIQUE", [("< 3", "1"), (">= 3", "2")]))
    assert (decided.outputs, [hit.number for hit in decided.rules]) == (2, [2])


def test_two_rows_of_a_unique_table_are_an_error():
    with pytest.raises(Invalid, match="decision_not_unique") as caught:
        outcome(table("UNIQUE", ROWS))
    assert caught.value.params == {"table": "d", "rules": "1, 2, 3"}


def test_rows_of_an_any_table_must_agree():
    assert outcome(table("ANY", [("< 10", "1"), ("> 3", "1")])).outputs == 1
    with pytest.raises(Invalid, match="decision_not_any"):
        outcome(table("ANY", [("< 10", "1"), ("> 3", "2")]))


def test_without_a_row_there_is_the_default_or_null():
    assert outcome(table("UNIQUE", [("> 99", "1")])).outputs is None
    assert outcome(table("UNIQUE", [("> 99", "1")], default="7")).outputs == 7


def test_a_decision_tells_its_row_inputs_and_basis():
    rows = [("< 10", '"SUITABLE"', "CPL 122"), ("-", '"NOT"', "CPL 127")]
    decided = outcome(table("FIRST", rows))
    assert decided.inputs == {"amount": Decimal(5)}
    assert decided.rules[0].annotations == {"legal basis": "CPL 122"}
    assert explain(decided, "en") == (
        "Row 1 of “d” matched: amount = 5; the result is SUITABLE; legal basis: CPL 122."
    )
    assert explain(decided, "zh") == "“d”第 1 行命中：amount = 5；结果为 SUITABLE；依据：CPL 122。"


def test_a_decision_without_a_row_says_so():
    assert explain(outcome(literal("amount")), "en") == "No row of “d” decided; the result is 5."


def test_the_digest_is_that_of_the_decision_alone():
    first = outcome(table("FIRST", [("-", "1")]), amount=1)
    again = outcome(table("FIRST", [("-", "1")]), amount=2)
    other = outcome(table("FIRST", [("-", "2")]))
    assert first.digest == again.digest != other.digest


# Types -----------------------------------------------------------------------------

TYPES = """
<itemDefinition name="tKind"><typeRef>string</typeRef>
  <allowedValues><text>"CIVIL", "MINOR"</text></allowedValues></itemDefinition>
<itemDefinition name="tParty"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>
  <itemComponent name="age"><typeRef>number</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tParties" isCollection="true"><typeRef>tParty</typeRef></itemDefinition>
"""


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("tKind", '"CIVIL"', "CIVIL"),
        ("tKind", '"OTHER"', None),
        ("tKind", "1", None),
        ("number", "[3]", Decimal(3)),
        ("tParty", '{name: "甲", age: 3}', {"name": "甲", "age": Decimal(3)}),
        ("tParty", '{name: "甲", age: "3"}', None),
        ("tParty", '{name: "甲"}', None),
        ("tParties", '{name: "甲", age: 3}', [{"name": "甲", "age": Decimal(3)}]),
        ("tParties", "[1]", None),
    ],
)
def test_a_value_must_have_the_declared_type(kind, text, value):
    model = read_decisions(definitions(TYPES + decision("d", literal(text), kind=kind)))
    assert decide(model, "d", {}).outputs == value


def test_declared_types_are_known_to_instance_of():
    text = '{name: "甲", age: 3} instance of tParty and [] instance of tParties'
    model = read_decisions(definitions(TYPES + decision("d", literal(text))))
    assert decide(model, "d", {}).outputs is True


# Bad files -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"<definitions", "xml_broken"),
        (b"<definitions xmlns='urn:else'/>", "dmn_unknown"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "xml_doctype"),
        (
            definitions("<decision>" + "<list>" * 90 + "</list>" * 90 + "</decision>"),
            "dmn_too_deep",
        ),
        (definitions(decision("a", "") + decision("a", "")), "dmn_duplicate"),
        (
            definitions(
                '<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition>'
                '<itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>'
            ),
            "dmn_type_circle",
        ),
        (definitions(decision("a", literal("1 +"))), "feel_value_missing_end"),
    ],
)
def test_a_bad_file_is_refused(xml, code):
    with pytest.raises(Invalid, match=code):
        read_decisions(xml)


def test_every_broken_cell_is_a_finding():
    body = decision("d", table("FIRST", [("<", "1"), ("-", ")")]))
    with pytest.raises(Invalid) as caught:
        read_decisions(definitions(body))
    assert [finding.element for finding in caught.value.problems] == ["d", "d"]


def test_an_unknown_decision_is_not_found():
    with pytest.raises(NotFound, match="decision_missing"):
        decide(read_decisions(definitions("")), "nothing", {})


def test_rows_with_too_few_cells_are_refused():
    broken = definitions(decision("d", table("FIRST", [("-", "1")]))).replace(
        b"<outputEntry><text>1</text></outputEntry>", b""
    )
    with pytest.raises(Invalid, match="dmn_ragged"):
        read_decisions(broken)
