"""What a designer brings from elsewhere becomes a procedure's own files, or is refused in words."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from .diagram import Diagram, read_diagram, read_xml
from .diagram.xml import local
from .errors import Invalid
from .layout import layout
from .package import DIAGRAM, own_files, read_zip

ZIP = b"PK\x03\x04"
OTHER_KINDS = {"Package": "import_xpdl", "package": "import_xpdl", "pnml": "import_pnml"}
"""Root elements of files that other tools call process models as well."""


def read_import(content: bytes) -> Mapping[str, bytes]:
    """The procedure's own files in a zip of its folder, or a lone diagram as ``process.bpmn``.

    A diagram keeps its bytes, foreign elements and attributes included, unless something in it is
    not drawn: then that is laid out. Raises Invalid as ``read_zip``, ``read_diagram`` and ``layout``
    do, and import_empty, import_no_diagram, import_many_diagrams, import_dmn, import_xpdl,
    import_pnml.
    """
    if not content.strip():
        raise Invalid("import_empty")
    if not content.startswith(ZIP):
        return {DIAGRAM: adopt(content)}
    files = own_files(read_zip(content))
    return {**files, DIAGRAM: adopt(files[DIAGRAM])} if DIAGRAM in files else _found(files)


def _found(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The one diagram of a zip that calls it by another name, with what lies beside it."""
    names = [name for name in files if name.lower().endswith((".bpmn", ".bpmn20.xml", ".bpmn2"))]
    if len(names) != 1:
        raise Invalid(
            "import_many_diagrams" if names else "import_no_diagram", names=", ".join(names[:5])
        )
    rest = {name: content for name, content in files.items() if name != names[0]}
    return {**rest, DIAGRAM: adopt(files[names[0]])}


def adopt(content: bytes) -> bytes:
    """A diagram as it came, or with what is not drawn laid out beside what is."""
    _refuse_others(content)
    diagram = read_diagram(content)
    if is_drawn(diagram):
        return content
    return layout(content, keep=bool(diagram.shapes))


def is_drawn(diagram: Diagram) -> bool:
    """Whether every node, lane and flow of the process stands somewhere."""
    shaped = {*diagram.nodes, *diagram.lanes} <= set(diagram.shapes)
    return shaped and set(diagram.flows) <= set(diagram.edges)


def _refuse_others(content: bytes) -> None:
    root = read_xml(content)
    space = str(etree.QName(root).namespace or "")
    if "DMN" in space and local(root) == "definitions":
        raise Invalid("import_dmn")
    if local(root) in OTHER_KINDS:
        raise Invalid(OTHER_KINDS[local(root)])
