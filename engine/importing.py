"""What a designer brings from elsewhere becomes a procedure's own files, or is refused in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from .diagram import read_processes, read_xml
from .diagram.xml import bpmn, is_bpmn, local
from .errors import Invalid
from .layout import is_drawn, layout
from .naming import name_all
from .package import DIAGRAM, own_files, read_zip

ZIP = b"PK\x03\x04"
OTHER_KINDS = {
    "Package": "import_xpdl",
    "package": "import_xpdl",
    "pnml": "import_pnml",
    "AML": "import_aml",
    "html": "import_page",
}
"""Root elements of files that other tools call process models as well."""
SPACES = {"/DMN/": "import_dmn", "/CMMN/": "import_cmmn", "schema.omg.org/spec/BPMN": "import_beta"}
"""What the namespace of a root called ``definitions`` contains when it is no BPMN 2.0."""
WITHOUT_PROCESS = {
    "choreography": "import_choreography",
    "globalConversation": "import_conversation",
    "collaboration": "import_conversation",
}
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
"""How files begin that say their encoding before any word."""
CHINESE = frozenset({"gb2312", "gbk", "gb18030", "x-gbk", "cp936"})


@dataclass(frozen=True, slots=True)
class Brought:
    """The procedure's own files; ``named``: how many elements of its diagram got a new id."""

    files: Mapping[str, bytes]
    named: int


def read_import(content: bytes) -> Brought:
    """The procedure's own files in a zip of its folder, or a lone diagram as ``process.bpmn``.

    A diagram keeps its bytes, foreign elements and attributes included, but for three things: what
    is not drawn is laid out, another encoding becomes UTF-8, and elements without an id, with one
    that stands twice or that cannot be one get an id. Raises Invalid as ``read_zip``,
    ``read_diagram`` and ``layout`` do, and import_empty, import_no_diagram, import_many_diagrams,
    import_not_xml, import_encoding, and import_<kind> for what is another kind of file.
    """
    if not content.strip():
        raise Invalid("import_empty")
    if not content.startswith(ZIP):
        return _brought({}, content)
    files = own_files(read_zip(content))
    return _brought(files, files[DIAGRAM]) if DIAGRAM in files else _found(files)


def _found(files: Mapping[str, bytes]) -> Brought:
    """The one diagram of a zip that calls it by another name, with what lies beside it."""
    names = [name for name in files if name.lower().endswith((".bpmn", ".bpmn20.xml", ".bpmn2"))]
    if len(names) != 1:
        raise Invalid(
            "import_many_diagrams" if names else "import_no_diagram", names=", ".join(names[:5])
        )
    rest = {name: content for name, content in files.items() if name != names[0]}
    return _brought(rest, files[names[0]])


def _brought(files: Mapping[str, bytes], diagram: bytes) -> Brought:
    adopted, named = _adopted(diagram)
    return Brought({**files, DIAGRAM: adopted}, named)


def adopt(content: bytes) -> bytes:
    """A diagram as it came, in UTF-8, with ids, and what is not drawn laid out beside what is."""
    return _adopted(content)[0]


def _adopted(content: bytes) -> tuple[bytes, int]:
    content = _in_utf8(content)
    root = read_xml(content, to_write=True)
    _refuse_others(root)
    named = name_all(root)
    if named:
        content = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    processes = read_processes(read_xml(content))
    if not all(map(is_drawn, processes)):
        content = layout(content, keep=bool(processes[0].shapes), quick=True)
    return content, named


def _in_utf8(content: bytes) -> bytes:
    """The same text: browsers read what is served as UTF-8. GB2312 as its successor GB18030."""
    mark = next((name for start, name in MARKS.items() if content.startswith(start)), "")
    declared = DECLARED.match(content)
    encoding = mark or (declared[1].decode().lower() if declared else "utf-8")
    try:
        text = content.decode("gb18030" if encoding in CHINESE else encoding)
    except (LookupError, UnicodeDecodeError):
        raise Invalid("import_encoding", encoding=encoding) from None
    if not text.lstrip().startswith("<"):
        raise Invalid("import_not_xml")
    if encoding == "utf-8":
        return content
    return DECLARED.sub(_now_utf8, text.encode("utf-8"), count=1)


def _now_utf8(found: re.Match[bytes]) -> bytes:
    return found[0].replace(found[1], b"UTF-8")


def _refuse_others(root: etree._Element) -> None:
    space = str(etree.QName(root).namespace or "")
    kind = OTHER_KINDS.get(local(root), "")
    if local(root) == "definitions":
        kind = next((code for part, code in SPACES.items() if part in space), "")
    if not kind and is_bpmn(root) and next(bpmn(root, "process"), None) is None:
        inside = {local(one) for one in bpmn(root, *WITHOUT_PROCESS)}
        kind = next((code for name, code in WITHOUT_PROCESS.items() if name in inside), "")
    if kind:
        raise Invalid(kind)
