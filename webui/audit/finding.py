"""Finding entries in all journals: what was asked, the hits on a page and as a table, kept searches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response

from engine.access import sees_all
from engine.errors import NotFound
from engine.model import Timed
from storage import queries
from webui.admin.people import midnight
from webui.auth import actor, only, viewer
from webui.display import span
from webui.dossiers.reading import note_reading
from webui.eventlogs import ENDINGS, MIMES, event_log
from webui.filenames import kept_as
from webui.frame import say
from webui.procedures import drawn, told
from webui.product import fresh, product, reading
from webui.registers import register, role_name, rule_name, rules, verb_name
from webui.tables import download
from webui.words import known, lang, t, words

from .views import views

SIZE = 50
ASKED = ("who", "about", "since", "until", "kind", "verb", "role", "procedure", "element", "rule")
"""The parts of a search as the address says them."""
HEADS = (
    *("when", "dossier", "procedure", "step", "what", "who", "behalf", "role"),
    *("due", "period", "why"),
)


@views.get("/journal")
@only(sees_all)
def journal() -> str:
    """One page of the hits, newest first; asking about a person is itself journalled."""
    asked, page = _asked(request.args), _page()
    if asked.get("about") and page == 1:
        fresh()
        product().engine.note_search(actor(), asked)
    rows, more = queries.found_entries(reading(), viewer(), _sought(asked), page, SIZE)
    return render_template(
        "audit/journal.html",
        rows=[(row, _why(row)) for row in rows],
        more=more,
        page=page,
        asked=asked,
        options=_options(asked.get("procedure", "")),
        saved=[(one, _without(one.wanted)) for one in _kept()],
        kept=_in_time,
        untold=_untold(asked),
        forms=ENDINGS,
    )


@views.get("/journal/table.<ending>")
@only(sees_all)
def journal_table(ending: str) -> Response:
    """All hits as a file: csv, json or xlsx; that they were taken along is journalled."""
    asked, kind = _asked(request.args), ending if ending in ("json", "xlsx") else "csv"
    fresh()
    product().engine.note_search(actor(), {**asked, "taken": kind})
    heads = HEADS if kind == "json" else [str(t(f"journal.{head}")) for head in HEADS]
    return download(kind, t("journal.title"), heads, _cells(_sought(asked)))


@views.get("/journal/log.<form>")
@only(sees_all)
def log_file(form: str) -> Response:
    """Cases as an event log; that it was taken along is journalled, a dossier's on the dossier too."""
    form = form if form in ENDINGS else "csv"
    procedure, of = (request.args.get(name, "").strip()[:100] for name in ("procedure", "of"))
    if of:
        first = next(queries.logged_cases(reading(), viewer(), procedure, of), None)
        if first is None:
            raise NotFound("no_case", name=of)
        note_reading(first.dossier)
    fresh()
    product().engine.note_search(actor(), {"procedure": procedure, "of": of, "taken": form})
    portions = stream_with_context(_log(procedure, of, form))
    name = f"{of or procedure or 'liandiao'}.{ENDINGS[form]}"
    return kept_as(Response(portions, mimetype=MIMES[form]), name)


def _log(procedure: str, of: str, form: str) -> Iterator[str]:
    cases = queries.logged_cases(reading(), viewer(), procedure, of)
    yield from event_log(product().looking(), cases, form, lang())


@views.post("/journal/views")
@only(sees_all)
def keep_search() -> Response:
    """Keep this search under a name."""
    asked = _asked(request.form)
    name = product().engine.keep_view(
        actor(), request.form.get("name", ""), {"list": "journal", **asked}
    )
    say("inbox.view_kept", name=name)
    return redirect(url_for("audit.journal", **asked))


def _kept() -> list[queries.SavedView]:
    return queries.saved_views(reading(), viewer().person, "journal")


def _without(wanted: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in wanted.items() if name != "list"}


# What was asked --------------------------------------------------------------------------------


def _asked(given: Mapping[str, str]) -> dict[str, Any]:
    """Known parts only, nothing empty."""
    parts = {name: given.get(name, "").strip()[:100] for name in ASKED}
    if parts["kind"] not in queries.KINDS:
        parts["kind"] = ""
    return {name: value for name, value in parts.items() if value}


def _sought(asked: Mapping[str, str]) -> queries.Sought:
    until = day_of(asked.get("until", ""))
    since = day_of(asked.get("since", ""))
    rest = {name: value for name, value in asked.items() if name not in ("since", "until")}
    return queries.Sought(
        **rest,
        since=midnight(since) if since else None,
        before=midnight(until + timedelta(days=1)) if until else None,
    )


def day_of(typed: str) -> date | None:
    """The day that was typed, None for anything else."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _page() -> int:
    asked = request.args.get("page", "1")
    return int(asked) if asked.isdecimal() and 1 <= int(asked) <= 2000 else 1


def _options(procedure: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What can be chosen, in words; the steps of one procedure once it is chosen."""
    published = {row.procedure: row.digest for row in queries.published(reading())}
    names = {name: drawn(digest).name for name, digest in published.items()}
    verbs = (key.removeprefix("verb.") for key in words() if key.startswith("verb."))
    options = {
        "kind": [(one, str(t(f"journal.kind_{one}"))) for one in queries.KINDS],
        "verb": _by_name((verb, verb_name(verb)) for verb in verbs),
        "role": [(one, role_name(one)) for one in register("roles")],
        "rule": [(one, rule_name(one)) for one in rules()],
        "procedure": _by_name(names.items()),
    }
    if procedure in published:
        found = drawn(published[procedure])
        steps = (node for node in found.nodes.values() if node.name.get(lang()))
        options["element"] = [(node.id, found.step(node.id)) for node in steps]
    return options


def _by_name(pairs: Any) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1])


# In words --------------------------------------------------------------------------------------


def _why(row: queries.FoundRow) -> str:
    """The reason given; of a reading, on what ground it was open to the reader."""
    if row.ground and not row.reason:
        return known(f"journal.ground_{row.ground}", "")
    return known(f"journal.because_{row.reason}", row.reason)


def _in_time(one: Timed) -> str:
    """Whether a period was kept, and by how much."""
    rule = rule_name(one.rule)
    if one.ended_at is None or one.due_at is None:
        return t("journal.is_over", rule=rule)
    early = one.due_at - one.ended_at
    if timedelta() <= early < timedelta(minutes=1):
        return t("journal.ran_out", rule=rule)
    said = "journal.was_late" if one.is_late else "journal.was_early"
    return t(said, rule=rule, span=span(abs(early)))


def _untold(asked: Mapping[str, str]) -> list[tuple[str, int]]:
    """How many cases a question about periods leaves out: those that wait, those that cannot be told."""
    if not asked.get("rule") and asked.get("kind") not in queries.ON_TIME:
        return []
    return [*zip(("waiting", "faulty"), queries.untold(reading(), viewer()), strict=True)]


def _cells(sought: queries.Sought) -> Iterator[Sequence[Any]]:
    rows = queries.every_entry(reading(), viewer(), sought)
    for row in rows:
        yield (
            *(_second(row.at), row.number or row.stream),
            drawn(row.release).name if row.release else "",
            *(told(row.release, row.element), verb_name(row.verb), row.actor_name or row.actor),
            *(row.behalf_name, role_name(row.role) if row.role else ""),
            min((one.due_at for one in row.periods if one.due_at), default=None),
            *("；".join(map(_in_time, row.periods)), _why(row)),
        )


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)
