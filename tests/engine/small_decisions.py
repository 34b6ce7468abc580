"""Small DMN files in a few words."""

from decimal import Decimal

from engine.decisions import decide, read_decisions

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(body, **attributes):
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<definitions xmlns="{DMN}" name="t" namespace="urn:t"{extra}>{body}</definitions>'.encode()


def literal(text):
    return f"<literalExpression><text>{text}</text></literalExpression>"


def decision(name, logic, requires="", kind=""):
    """A decision ``name``; ``requires`` are ids: in_* inputs, do_* knowledge, else decisions."""
    needs = "".join(map(requirement, requires.split()))
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{typed}/>{needs}{logic}</decision>'


def requirement(name):
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
