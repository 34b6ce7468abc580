"""What a place of a case is called on a draft, where the case was moved to other names on its way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from engine.model import Data, Place
from engine.spiff import place_of, renamed_place

Names = Mapping[str, str]
"""Old path to new id, as a move has written it down."""


class Calling:
    """``moves``: the names of each move, in order; ``drawn``: the ids of the draft's elements.

    ``moved``: how many of the moves lie behind what is told now.
    """

    def __init__(self, moves: Iterable[Names], drawn: Collection[str]) -> None:
        self._on = tuple(moves)
        self._back = tuple(dict(_back(one)) for one in self._on)
        self._drawn = drawn
        self.moved = 0

    @property
    def known(self) -> frozenset[str]:
        """Every id that a move gave or took away."""
        return frozenset(id for names in self._on for id in ids_of(names))

    def place(self, place: Place, alike: Names) -> Place:
        """As the latest release called it that calls it as the draft does.

        ``alike``: what the draft calls otherwise, as a comparison of the two suggests.
        """
        ways = (self._on[self.moved :], self._back[: self.moved][::-1])
        later, earlier = (list(_along(place, way)) for way in ways)
        called = (*reversed(later), place, *earlier, renamed_place(alike, place))
        return next((one for one in called if one.element in self._drawn), place)

    def relocated(self, data: Data, alike: Names) -> Data:
        """A repair's places, as they are called on the draft."""
        told = [{**one, **_told(self.place(place_of(one), alike))} for one in data["from"]]
        scope = data["from"][0].get("scope", "") if data["from"] else ""
        return {**data, "from": told, "to": self.place(Place(data["to"], scope), alike).element}


def ids_of(names: Names) -> Iterator[str]:
    """Old and new."""
    for path, to in names.items():
        yield from (path.rpartition("/")[2], to)


def _along(place: Place, moves: Iterable[Names]) -> Iterator[Place]:
    for names in moves:
        place = renamed_place(names, place)
        yield place


def _back(names: Names) -> Iterator[tuple[str, str]]:
    """New path to old id."""
    for path in names:
        scope, _, old = path.rpartition("/")
        new = renamed_place(names, Place(old, scope))
        yield f"{new.scope}/{new.element}".lstrip("/"), old


def _told(place: Place) -> Data:
    return {"element": place.element, "scope": place.scope}
