"""A letter of a draft, set with the data of the first scenario that makes it."""

from __future__ import annotations

from flask import Response

from engine.access import may_publish
from engine.errors import Invalid, NotFound
from engine.letters import letters_of
from engine.letters.sampling import given
from engine.model import Release
from engine.package import digest
from engine.scenario import find_scenarios
from engine.texts import Lang
from webui.auth import only
from webui.designer.views import look
from webui.product import product
from webui.words import lang

from .views import views


@views.get("/letters/<letter_id>.pdf")
@only(may_publish)
def letter(draft_id: str, letter_id: str) -> Response:
    """Watermarked, in the reader's language; Invalid (letter_never_made) when no scenario makes it."""
    store = product().looking()
    draft = look(draft_id)
    files = product().engine.publishable(store, draft)
    release = Release(draft.procedure, digest(files), files)
    if letter_id not in letters_of(files):
        raise NotFound("template_unknown", letter=letter_id[:64])
    setter, facts = product().engine.letters, store.current_facts()
    words: Lang = "en" if lang() == "en" else "zh"
    for scenario in find_scenarios(files):
        for name, data in given(release, facts, scenario):
            if name == letter_id and setter is not None:
                made = setter.typeset(release, name, data, words, draft=True)
                return Response(made.pdf, mimetype="application/pdf")
    raise Invalid("letter_never_made", letter=letter_id)
