"""Lists that people keep for themselves: a filter, a search and an order under a name."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import Invalid
from engine.model import Actor

from .desk import Act, Desk

LONGEST = 30
MOST = 12
"""As many lists stand beside the tabs before nobody reads them any more."""


class ViewVerbs(Desk):
    def keep_view(self, actor: Actor, name: str, wanted: Mapping[str, str]) -> str:
        """Keep what a list is narrowed to under a name; one of that name is replaced.

        Invalid: view_unnamed, view_name_long, view_too_many.
        """
        name = " ".join(name.split())
        if not name or not name.isprintable():
            raise Invalid("view_unnamed")
        if len(name) > LONGEST:
            raise Invalid("view_name_long", limit=LONGEST)
        with self._open() as store:
            kept = store.saved_views(actor.person)
            if name not in kept and len(kept) >= MOST:
                raise Invalid("view_too_many", limit=MOST)
            store.save_view(actor.person, name, wanted, self.clock())
            told = {"name": name, "wanted": dict(wanted)}
            self._record(store, f"person:{actor.person}", Act("view.keep", actor, data=told))
        return name

    def drop_view(self, actor: Actor, name: str) -> None:
        """Forget a list; NotFound (no_view)."""
        with self._open() as store:
            store.drop_view(actor.person, name)
            self._record(
                store, f"person:{actor.person}", Act("view.drop", actor, data={"name": name})
            )
