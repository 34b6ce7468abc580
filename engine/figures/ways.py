"""What was told of a case, put apart by the release under which it happened."""

from __future__ import annotations

import hashlib

from engine.model import Way


def fact(*words: str) -> str:
    """One fact."""
    return "\t".join(words)


class Apart:
    """Facts, lengths and acts of one case as they come; ``release``: under which the case runs now."""

    def __init__(self) -> None:
        self.release = ""
        self._releases: dict[str, None] = {}
        self._facts: list[tuple[str, str]] = []
        self._lengths: list[tuple[str, str, int]] = []
        self._acts: list[tuple[str, str]] = []

    def run_under(self, release: str) -> None:
        self.release = release
        self._releases[release] = None

    def tell(self, *words: str, under: str = "") -> None:
        """Something happened: under the release of now, if no other is named."""
        self._facts.append((under or self.release, fact(*words)))

    def last(self, *words: str, seconds: int, under: str) -> None:
        """Something took so long."""
        self._lengths.append((under or self.release, fact(*words), seconds))

    def act(self, element: str) -> None:
        """Somebody did a step, or something made the case go on there."""
        self._acts.append((self.release, element))

    def ways(self) -> tuple[Way, ...]:
        """The whole; where a case ran under several releases without one, and then under each."""
        if len(self._releases) < 2:
            return (self._way(self.release, set(self._releases)),)
        parts = (self._way(one, {one}) for one in self._releases)
        return (self._way("", set(self._releases)), *parts)

    def _way(self, release: str, under: set[str]) -> Way:
        path = tuple(element for one, element in self._acts if one in under)
        variant = hashlib.sha256("\n".join(path).encode()).hexdigest()[:16]
        facts = [told for one, told in self._facts if one in under]
        lengths = ((told, seconds) for one, told, seconds in self._lengths if one in under)
        facts.append(fact("variant", variant))
        return Way(release, path, variant, tuple(sorted(facts)), tuple(sorted(lengths)))
