"""Reads DMN 1.2 to 1.5 files: untrusted XML, without entities, network or unbounded size."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from lxml import etree

from engine.decisions import model
from engine.decisions.model import Boxed, Href, Variable
from engine.diagram.xml import local, read_xml
from engine.errors import Invalid

DEPTH = 80
NAMESPACES = frozenset({
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
})  # fmt: skip
"""DMN 1.2, 1.3, 1.4, 1.5."""
Xml = etree._Element


def read_model(xml: bytes) -> model.Model:
    """One DMN file; Invalid (xml_..., dmn_...) if it is too big, no XML or no DMN."""
    root = _parse(xml)
    namespace = root.get("namespace", "")
    elements = [e for child in root for e in _element(child, namespace)]
    items = [_item(child) for child in _all(root, "itemDefinition")]
    found = model.Model(
        namespace,
        root.get("name", ""),
        {element.id: element for element in elements},
        {item.name: item for item in items},
        {i.get("namespace", ""): i.get("name", "") for i in _all(root, "import")},
        frozenset(_names(root)),
    )
    if len(found.elements) != len(elements):
        raise Invalid("dmn_duplicate", name=found.name)
    return found


def _parse(xml: bytes) -> Xml:
    root = read_xml(xml)
    if local(root) != "definitions" or etree.QName(root).namespace not in NAMESPACES:
        raise Invalid("dmn_unknown", tag=str(root.tag))
    level = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        if level > DEPTH:
            raise Invalid("dmn_too_deep", limit=DEPTH)
    return root


def _all(xml: Xml, name: str) -> Iterator[Xml]:
    return (child for child in xml if local(child) == name)


def _first(xml: Xml | None, name: str) -> Xml | None:
    return None if xml is None else next(_all(xml, name), None)


def _text(xml: Xml | None, name: str = "text") -> str:
    """The text of a child, "" if there is none."""
    child = _first(xml, name)
    return "" if child is None else (child.text or "").strip()


def _label(text: str) -> str:
    return " ".join(text.split())


def _names(root: Xml) -> Iterator[str]:
    """Names of everything declared: those with spaces must be known before texts are read."""
    for xml in root.iter():
        name = xml.get("name") or xml.get("iteratorVariable")
        if name and local(xml) not in ("definitions", "text"):
            yield _label(name)


# Elements ------------------------------------------------------------------------------------


def _element(xml: Xml, namespace: str) -> Iterator[model.Element]:
    read = _ELEMENTS.get(local(xml))
    if read:
        yield read(xml, namespace)


def _named(xml: Xml) -> tuple[str, str, str]:
    """(id, name, type) of an element: the name of its variable counts."""
    variable = _first(xml, "variable")
    own = _label(xml.get("name", ""))
    if variable is None:
        return xml.get("id", own), own, ""
    return xml.get("id", own), _label(variable.get("name", own)), variable.get("typeRef", "")


def _hrefs(xml: Xml, namespace: str, *names: str) -> tuple[Href, ...]:
    found = []
    for child in xml.iter():
        if local(child) in names:
            space, _, name = child.get("href", "").rpartition("#")
            found.append((space or namespace, name))
    return tuple(found)


def _input(xml: Xml, namespace: str) -> model.InputData:
    return model.InputData(*_named(xml))


def _decision(xml: Xml, namespace: str) -> model.Decision:
    requires = _hrefs(xml, namespace, "requiredDecision", "requiredInput", "requiredKnowledge")
    digest = hashlib.sha256(etree.tostring(xml, method="c14n", exclusive=True)).hexdigest()
    return model.Decision(*_named(xml), requires, _boxed_in(xml), digest)


def _knowledge(xml: Xml, namespace: str) -> model.Knowledge:
    logic = _first(xml, "encapsulatedLogic")
    requires = _hrefs(xml, namespace, "requiredKnowledge")
    return model.Knowledge(*_named(xml), requires, None if logic is None else _function(logic))


def _service(xml: Xml, namespace: str) -> model.Service:
    outputs = _hrefs(xml, namespace, "outputDecision")
    given = _hrefs(xml, namespace, "inputData") + _hrefs(xml, namespace, "inputDecision")
    return model.Service(
        *_named(xml), outputs, given, _hrefs(xml, namespace, "encapsulatedDecision")
    )


_ELEMENTS: dict[str, Callable[[Xml, str], model.Element]] = {
    "inputData": _input,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}


def _item(xml: Xml) -> model.Item:
    function = _first(xml, "functionItem")
    parameters = () if function is None else tuple(map(_variable, _all(function, "parameters")))
    return model.Item(
        _label(xml.get("name", "")),
        _text(xml, "typeRef"),
        xml.get("isCollection") == "true",
        _text(_first(xml, "allowedValues")),
        _text(_first(xml, "typeConstraint")),
        tuple(map(_item, _all(xml, "itemComponent"))),
        None if function is None else (parameters, function.get("outputTypeRef", "")),
    )


# Boxed expressions ---------------------------------------------------------------------------


def _variable(xml: Xml | None) -> Variable:
    if xml is None:
        return Variable("")
    return Variable(_label(xml.get("name", "")), xml.get("typeRef", ""))


def _boxed_in(xml: Xml | None) -> Boxed | None:
    """The boxed expression among the children of an element."""
    for child in xml if xml is not None else ():
        if local(child) in _BOXED:
            return _BOXED[local(child)](child)
    return None


def _must(xml: Xml | None) -> Boxed:
    return _boxed_in(xml) or model.Literal("", "", "null")


def _part(xml: Xml, name: str) -> Boxed:
    return _must(_first(xml, name))


def _head(xml: Xml) -> tuple[str, str]:
    return xml.get("id", ""), xml.get("typeRef", "")


def _literal(xml: Xml) -> Boxed:
    return model.Literal(*_head(xml), _text(xml))


def _context(xml: Xml) -> Boxed:
    entries = _all(xml, "contextEntry")
    return model.Context(
        *_head(xml), tuple((_variable(_first(e, "variable")), _must(e)) for e in entries)
    )


def _invocation(xml: Xml) -> Boxed:
    bindings = _all(xml, "binding")
    return model.Invocation(
        *_head(xml),
        _must(xml),
        tuple((_variable(_first(b, "parameter")), _must(b)) for b in bindings),
    )


def _function(xml: Xml) -> model.Function:
    parameters = tuple(map(_variable, _all(xml, "formalParameter")))
    return model.Function(*_head(xml), xml.get("kind", "FEEL"), parameters, _must(xml))


def _list(xml: Xml) -> Boxed:
    items = (child for child in xml if local(child) in _BOXED)
    return model.Items(*_head(xml), tuple(_BOXED[local(item)](item) for item in items))


def _relation(xml: Xml) -> Boxed:
    columns = tuple(_label(column.get("name", "")) for column in _all(xml, "column"))
    rows = tuple(_row(row) for row in _all(xml, "row"))
    return model.Relation(*_head(xml), columns, rows)


def _row(xml: Xml) -> tuple[Boxed, ...]:
    return tuple(_BOXED[local(cell)](cell) for cell in xml if local(cell) in _BOXED)


def _conditional(xml: Xml) -> Boxed:
    return model.Conditional(*_head(xml), _part(xml, "if"), _part(xml, "then"), _part(xml, "else"))


def _filter(xml: Xml) -> Boxed:
    return model.Filter(*_head(xml), _part(xml, "in"), _part(xml, "match"))


def _iterator(xml: Xml) -> Boxed:
    word, variable = local(xml), _label(xml.get("iteratorVariable", ""))
    body = _part(xml, "return" if word == "for" else "satisfies")
    return model.Iterator(*_head(xml), word, variable, _part(xml, "in"), body)


def _table(xml: Xml) -> Boxed:
    columns = [_label(column.get("name", "")) for column in _all(xml, "annotation")]
    table = model.Table(
        *_head(xml),
        xml.get("hitPolicy", "UNIQUE"),
        xml.get("aggregation", ""),
        tuple(map(_table_input, _all(xml, "input"))),
        tuple(map(_table_output, _all(xml, "output"))),
        tuple(_rule(rule, columns) for rule in _all(xml, "rule")),
    )
    width = len(table.inputs), len(table.outputs)
    for number, rule in enumerate(table.rules, 1):
        if (len(rule.tests), len(rule.outputs)) != width:
            raise Invalid("dmn_ragged", table=table.id, rule=number)
    return table


def _table_input(xml: Xml) -> model.Column:
    expression = _first(xml, "inputExpression")
    kind = "" if expression is None else expression.get("typeRef", "")
    text = _text(expression)
    return model.Column(text, xml.get("label") or text, kind, _text(_first(xml, "inputValues")))


def _table_output(xml: Xml) -> model.Column:
    name = _label(xml.get("name", ""))
    values, default = _first(xml, "outputValues"), _first(xml, "defaultOutputEntry")
    label, kind = xml.get("label") or name, xml.get("typeRef", "")
    return model.Column(name, label, kind, _text(values), _text(default))


def _rule(xml: Xml, columns: list[str]) -> model.Rule:
    notes = [_text(entry) for entry in _all(xml, "annotationEntry")]
    columns = columns + [str(n) for n in range(len(columns) + 1, len(notes) + 1)]
    return model.Rule(
        xml.get("id", ""),
        tuple(_text(entry) for entry in _all(xml, "inputEntry")),
        tuple(_text(entry) for entry in _all(xml, "outputEntry")),
        dict(zip(columns, notes, strict=False)),
    )


_BOXED: dict[str, Callable[[Xml], Boxed]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "invocation": _invocation,
    "functionDefinition": _function,
    "list": _list,
    "relation": _relation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
}
