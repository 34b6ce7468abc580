"""Fields of another case's forms, where a message laid their values in this one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.diagram import Diagram
from engine.forms import Field, known_fields
from storage import queries
from storage.queries import Carried, Viewer
from webui.procedures import Drawn, drawn
from webui.product import reading


def pointer_of(path: str) -> str:
    """Of a dotted path; of any other FEEL a pointer at which nothing lies."""
    return "/" + path.strip().replace(".", "/")


def handed_fields(
    receiver: Drawn, case: str, carried: Iterable[Carried], reader: Viewer
) -> dict[str, Field]:
    """By pointer in the receiver's data; ``carried``: the messages that its case sent and took.

    Those of cases that the reader may not see are left out, and health data: whom it is shown the
    receiver's own forms say.
    """
    taken = [one for one in carried if one.receiver == case and one.sender]
    senders = queries.seen_cases(reading(), reader, [one.sender for one in taken])
    letters = [(o, drawn(senders[o.sender].release)) for o in taken if o.sender in senders]
    return {
        f"{at}/{key}{pointer[len(source) :]}": field
        for letter, sender in letters
        for at in _results(receiver, letter.name)
        for key, text in _payload(sender.diagram, letter.name).items()
        for source in [pointer_of(text)]
        for pointer, field in known_fields(sender.forms()).items()
        if (pointer == source or pointer.startswith(f"{source}/")) and not field.health
    }


def _results(receiver: Drawn, name: str) -> Iterator[str]:
    """Where those who wait for such a message put what it carries."""
    messages = receiver.diagram.messages
    for node in receiver.nodes.values():
        names = [one.name for one in node.events if one.kind == "message"]
        if node.message in messages:
            names.append(messages[node.message].name)
        if node.result and name in names:
            yield pointer_of(node.result)


def _payload(diagram: Diagram, name: str) -> Mapping[str, str]:
    return next((one.payload for one in diagram.messages.values() if one.name == name), {})
