"""Decision tables, graphs and boxed expressions, each as a small DMN file."""

from decimal import Decimal

import pytest

from engine.decisions import decide, explain, read_decisions
from engine.errors import Invalid, NotFound

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(body, **attributes):
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<definitions xmlns="{DMN}" name="t" namespace="urn:t"{extra}>{body}</definitions>'.encode()


def literal(text):
    return f"<literalExpression><text>{text}</text></literalExpression>"


def decision(name, logic, requires="", kind=""):
    """A decision ``name``; ``requires`` are ids: in_* inputs, do_* knowledge, else decisions."""
    needs = "".join(map(_requirement, requires.split()))
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{typed}/>{needs}{logic}</decision>'


def _requirement(name):
    if name.startswith("do_"):
        return f'<knowledgeRequirement><requiredKnowledge href="#{name}"/></knowledgeRequirement>'
    tag = "requiredInput" if name.startswith("in_") else "requiredDecision"
    return f'<informationRequirement><{tag} href="#{name}"/></informationRequirement>'


def given(name, kind=""):
    return f'<inputData id="in_{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'


def table(policy, rows, values="", default="", aggregation=""):
    """One input ``amount``, one output; rows are (cell, entry) or (cell, entry, legal basis)."""
    more = f' aggregation="{aggregation}"' if aggregation else ""
    ranked = f"<outputValues><text>{values}</text></outputValues>" if values else ""
    otherwise = (
        f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" if default else ""
    )
    rules = "".join(map(_rule, rows))
    return (
        f'<decisionTable hitPolicy="{policy}"{more}><input label="amount"><inputExpression>'
        f"<text>amount</text></inputExpression></input><output>{ranked}{otherwise}</output>"
        f'<annotation name="legal basis"/>{rules}</decisionTable>'
    )


def _rule(row):
    cell, entry, *basis = row
    note = f"<annotationEntry><text>{basis[0]}</text></annotationEntry>" if basis else ""
    return (
        f'<rule id="r{cell.encode().hex()}"><inputEntry><text><![CDATA[{cell}]]></text></inputEntry>'
        f"<outputEntry><text>{entry}</text></outputEntry>{note}</rule>"
    )


def outcome(logic, amount=5, requires="in_amount"):
    model = read_decisions(definitions(given("amount") + decision("d", logic, requires)))
    return decide(model, "d", {"amount": Decimal(amount)})


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


# Graphs --------------------------------------------------------------------------------------


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
    needs = "".join(map(_requirement, requires.split()))
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


# Types ---------------------------------------------------------------------------------------

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


# Boxed expressions ---------------------------------------------------------------------------


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


# Bad files -----------------------------------------------------------------------------------


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
