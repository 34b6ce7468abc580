"""Readies a typeset file for its signatures: empty, tagged fields; the line of a demonstration.

All of it before the first signature: whatever touched the file later would break that one.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from engine.errors import Failed
from engine.sealports import Mark

from .artwork import SIZE, marking_line, verification_foot

POINTS = 72 / 25.4
PRINTED = 4
"""The flag of annotations that PDF/A asks for."""


@dataclass(frozen=True, slots=True)
class Foot:
    """What the last page says at its foot: the code, the address its QR code leads to, the log's head."""

    code: str
    address: str
    log: str = ""


def ready(pdf: bytes, marks: Sequence[Mark], foot: Foot | None = None) -> bytes:
    """The file with a field for each mark, in order; raises Failed (seal_file_unfit)."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            if any(mark.demonstration for mark in marks):
                for page in opened.pages:
                    _draw(opened, page, marking_line(), _head)
            if foot:
                drawn = verification_foot(foot.code, foot.address, foot.log)
                _draw(opened, opened.pages[-1], drawn, _foot)
            for number, mark in enumerate(marks):
                _add_field(opened, mark, number == len(marks) - 1 and len(marks) > 1)
            kept = io.BytesIO()
            opened.save(kept, deterministic_id=True)
    except (pikepdf.PdfError, IndexError, KeyError) as unfit:
        raise Failed("seal_file_unfit", permanent=True, reason=str(unfit)[:200]) from unfit
    # What signs appends to the file, and the end mark must end its line.
    return kept.getvalue().rstrip(b"\n") + b"\n"


Place = Callable[[float, float, float], tuple[float, float]]
"""(width of the page, its height, width of the drawing) -> where its lower left corner goes."""


def _head(right: float, top: float, width: float) -> tuple[float, float]:
    return (right - width) / 2, top - 25


def _foot(right: float, top: float, width: float) -> tuple[float, float]:
    return 28 * POINTS, 5 * POINTS


def _draw(pdf: Pdf, page: pikepdf.Page, drawing: bytes, place: Place) -> None:
    """An artifact of the page: no reader takes it for a part of the text."""
    with pikepdf.open(io.BytesIO(drawing)) as line:
        drawn = pdf.copy_foreign(line.pages[0].as_form_xobject())
    _, _, right, top = (float(side) for side in page.mediabox)
    x, y = place(right, top, float(drawn.BBox[2]))
    name = page.add_resource(drawn, Name.XObject)
    page.contents_add(f"/Artifact BMC q 1 0 0 1 {x:.2f} {y:.2f} cm {name} Do Q EMC".encode())


def _add_field(pdf: Pdf, mark: Mark, locks: bool) -> None:
    page = pdf.pages[mark.page - 1]  # 0: the last
    reach = SIZE * POINTS / 2 if mark.name else 0.0
    box = [mark.x - reach, mark.y - reach, mark.x + reach, mark.y + reach]
    empty = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(mark.field),
            TU=String(mark.name or mark.field),
            Rect=Array([round(side, 2) for side in box]),
            F=PRINTED,
            P=page.obj,
            AP=Dictionary(N=empty),
        )
    )
    if locks:
        field.Lock = pdf.make_indirect(Dictionary(Type=Name.SigFieldLock, Action=Name.All, P=1))
    page.obj.Annots = Array([*page.obj.get(Name.Annots, Array()), field])
    page.obj.Tabs = Name.S
    form = pdf.Root.get(Name.AcroForm, Dictionary())
    form.Fields = Array([*form.get(Name.Fields, Array()), field])
    form.SigFlags = 3
    pdf.Root.AcroForm = form
    if Name.StructTreeRoot in pdf.Root:
        _tag(pdf, page, field, mark)


def _tag(pdf: Pdf, page: pikepdf.Page, field: Object, mark: Mark) -> None:
    """Names the field in the structure tree: readers for the blind find it, and PDF/UA is kept."""
    tree = pdf.Root.StructTreeRoot
    parent = _top(tree)
    said = String(f"{mark.name or mark.field} 电子签章 / electronic seal")
    # K is one reference, not an array: a second signature would count as a suspicious change.
    reference = Dictionary(Type=Name.OBJR, Obj=field, Pg=page.obj)
    element = Dictionary(
        Type=Name.StructElem, S=Name.Form, P=parent, Alt=said, Pg=page.obj, K=reference
    )
    made = pdf.make_indirect(element)
    kids = parent.get(Name.K, Array())
    parent.K = Array([*kids, made]) if isinstance(kids, Array) else Array([kids, made])
    key = int(tree.get("/ParentTreeNextKey", _next_key(tree.ParentTree)))
    field.StructParent = key
    _into(tree.ParentTree, key, made)
    tree.ParentTreeNextKey = key + 1


def _top(tree: Object) -> Object:
    """The element of the whole document."""
    kids = tree.K
    return kids[0] if isinstance(kids, Array) else kids


def _next_key(numbers: Object) -> int:
    found = [int(key) for leaf in _leaves(numbers) for key in leaf.Nums[::2]]
    return max(found, default=-1) + 1


def _leaves(numbers: Object) -> list[Object]:
    kids = numbers.get("/Kids")
    if kids is None:
        return [numbers]
    return [leaf for kid in kids for leaf in _leaves(kid)]


def _into(numbers: Object, key: int, value: Object) -> None:
    """At the end of a number tree: keys only grow."""
    leaf = _leaves(numbers)[-1]
    leaf.Nums = Array([*leaf.get("/Nums", Array()), key, value])
    node: Object | None = numbers
    while node is not None:
        if "/Limits" in node:
            node.Limits = Array([node.Limits[0], key])
        kids = node.get("/Kids")
        node = kids[-1] if kids is not None else None
