"""Graphs of decisions, knowledge and services, and boxed expressions, each as a small DMN file."""

from decimal import Decimal

import pytest

from engine.decisions import decide, read_decisions
from engine.errors import Invalid
from tests.engine.small_decisions import (
    DMN,
    decision,
    definitions,
    given,
    literal,
    outcome,
    requirement,
)


def test_a_graph_runs_what_it_requires():
    body = (
        given("amount", "number")
        + decision("fee", literal("amount * 0.1"), "in_amount")
        + decision("total", literal("amount + fee"), "in_amount fee")
    )
    assert decide(read_decisions(definitions(body)), "total", {"amount": Decimal(10)}).outputs == 11


def test_a_decision_that_requires_itself_is_refused():
    body = decision("a", literal("b"), "b") + decision("b", literal("a"), "a")
    with pytest.raises(Invalid, match="decision_cycle"):
        read_decisions(definitions(body))


def test_knowledge_may_call_itself_but_not_in_a_circle_of_two():
    logic = "if n = 0 then 0 else n + down(n - 1)"
    down = knowledge("do_down", "down", logic, "do_down")
    body = down + decision("d", literal("down(4)"), "do_down")
    assert decide(read_decisions(definitions(body)), "d", {}).outputs == 10
    pair = knowledge("do_a", "a", "b(n)", "do_b") + knowledge("do_b", "b", "a(n)", "do_a")
    with pytest.raises(Invalid, match="decision_cycle"):
        read_decisions(definitions(pair))


@pytest.mark.parametrize("step", [1, -1])
def test_a_chain_of_decisions_has_an_end(step):
    chain = [decision(f"d{i}", literal(f"d{i + 1}"), f"d{i + 1}") for i in range(400)]
    body = "".join([*chain, decision("d400", literal("1"))][::step])
    with pytest.raises(Invalid, match="decision_chain"):
        read_decisions(definitions(body))


def knowledge(key, name, text, requires=""):
    needs = "".join(map(requirement, requires.split()))
    return (
        f'<businessKnowledgeModel id="{key}" name="{name}"><variable name="{name}"/>'
        '<encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
        f"{literal(text)}</encapsulatedLogic>{needs}</businessKnowledgeModel>"
    )


KNOWLEDGE = knowledge("do_double", "double", "n * 2")


def test_knowledge_is_a_function():
    body = KNOWLEDGE + decision("d", literal("double(4) + double(n: 1)"), "do_double")
    assert decide(read_decisions(definitions(body)), "d", {}).outputs == 10


def test_knowledge_is_invoked_with_bindings():
    binding = f'<binding><parameter name="n"/>{literal("21")}</binding>'
    call = f"<invocation>{literal('double')}{binding}</invocation>"
    body = KNOWLEDGE + decision("d", call, "do_double")
    assert decide(read_decisions(definitions(body)), "d", {}).outputs == 42


def test_a_service_is_a_function_over_its_inputs():
    service = (
        '<decisionService id="do_s" name="s"><variable name="s"/><outputDecision href="#out"/>'
        '<inputDecision href="#mid"/></decisionService>'
    )
    body = (
        service
        + decision("mid", literal("1"))
        + decision("out", literal("mid + 1"), "mid")
        + decision("d", literal("s(40)"), "do_s")
    )
    model = read_decisions(definitions(body))
    assert decide(model, "d", {}).outputs == 41
    assert decide(model, "do_s", {"mid": Decimal(5)}).outputs == 6


def test_imported_decisions_stand_under_the_name_of_the_import():
    imported = definitions(decision("fee", literal("7"))).replace(b"urn:t", b"urn:other")
    body = (
        f'<import name="other" namespace="urn:other" importType="{DMN}"/>'
        '<decision id="d" name="d"><variable name="d"/><informationRequirement>'
        '<requiredDecision href="urn:other#fee"/></informationRequirement>'
        f"{literal('other.fee + 1')}</decision>"
    )
    assert decide(read_decisions(definitions(body), [imported]), "d", {}).outputs == 8


# Boxed expressions -----------------------------------------------------------------


def entry(name, text):
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{literal(text)}</contextEntry>"


def part(tag, text):
    return f"<{tag}>{literal(text)}</{tag}>"


@pytest.mark.parametrize(
    ("logic", "value"),
    [
        (f"<context>{entry('a b', '1')}{entry('c', 'a b + 1')}</context>", "{a b: 1, c: 2}"),
        (f"<context>{entry('a', '1')}{entry('', 'a + 1')}</context>", "2"),
        (f"<list>{literal('1')}{literal('2')}</list>", "[1, 2]"),
        (
            f'<relation><column name="a"/><column name="b"/><row>{literal("1")}{literal("2")}</row>'
            "</relation>",
            "[{a: 1, b: 2}]",
        ),
        (
            f"<conditional>{part('if', '1 = 1')}{part('then', '2')}{part('else', '3')}</conditional>",
            "2",
        ),
        (f"<filter>{part('in', '[1, 2, 3]')}{part('match', 'item != 2')}</filter>", "[1, 3]"),
        (
            f'<for iteratorVariable="x">{part("in", "[1, 2]")}{part("return", "x * 2")}</for>',
            "[2, 4]",
        ),
        (
            f'<some iteratorVariable="x">{part("in", "[1, 2]")}{part("satisfies", "x = 2")}</some>',
            "true",
        ),
        (
            f'<every iteratorVariable="x">{part("in", "[1, 2]")}{part("satisfies", "x = 2")}</every>',
            "false",
        ),
    ],
)
def test_boxed_expressions(logic, value):
    model = read_decisions(definitions(decision("d", logic) + decision("v", literal(value))))
    assert decide(model, "d", {}).outputs == decide(model, "v", {}).outputs


def test_a_boxed_function_can_be_called():
    function = (
        '<contextEntry><variable name="f"/><functionDefinition><formalParameter name="x"/>'
        f"{literal('x + 1')}</functionDefinition></contextEntry>"
    )
    logic = f"<context>{function}{entry('', 'f(2)')}</context>"
    assert outcome(logic).outputs == 3


def test_a_java_function_gives_null():
    java = f'<functionDefinition kind="Java"><formalParameter name="x"/>{literal("x")}</functionDefinition>'
    logic = f'<context><contextEntry><variable name="f"/>{java}</contextEntry>{entry("", "f(2)")}</context>'
    assert outcome(logic).outputs is None
