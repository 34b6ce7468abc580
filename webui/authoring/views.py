"""The blueprint of the editors, a part of the designer's place in the rail."""

from __future__ import annotations

from flask import Blueprint, g

AT = "/designer/drafts/<draft_id>"
views = Blueprint("authoring", __name__, url_prefix=AT, template_folder="templates")


@views.before_request
def part_of_designer() -> None:
    """The designer's entry is marked in the rail."""
    g.part = "designer.index"
