"""Keeping what was signed beside the signature, so that it can be shown for ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Invalid
from engine.forms import Submitted
from engine.model import Actor, Case
from engine.ports import Store

from .desk import Desk

KEPT = ("digest", "name", "type", "size")


class SigningVerbs(Desk):
    def keep_signed(self, store: Store, case: Case, actor: Actor, filled: Submitted) -> None:
        """Keep the text under its digest and lay text and signatures into the dossier.

        Nothing happens where nobody signed. Invalid (form_not_signed) for a mark that is not here.
        """
        if not filled.text:
            return
        signed = self.blobs.put(filled.text)
        text = {
            "digest": signed,
            "name": f"所签文本-{signed[:12]}.json",
            "type": "application/json",
        }
        store.add_attachment(case.dossier, actor.person, text | {"size": len(filled.text)})
        for mark in filter(_is_signature, filled.values.values()):
            if not self.blobs.has(mark["digest"]):
                raise Invalid("form_not_signed")
            kept = {key: mark[key] for key in KEPT} | {"size": int(mark["size"])}
            store.add_attachment(case.dossier, actor.person, kept)


def _is_signature(value: Any) -> bool:
    return isinstance(value, Mapping) and {"signed", "how", *KEPT} <= value.keys()
