"""How a moment and what is left of a period stand in a page, as HTML."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache

from flask import Flask
from markupsafe import Markup, escape

from . import display
from .citing import cite_on
from .frame import icon
from .registers import rule_name, rules
from .words import lang, t

ICONS = {"late": "octagon-alert", "soon": "alarm-clock", "fine": "clock"}


def time_tag(at: datetime) -> Markup:
    """A moment in short; the whole of it on hovering and for machines."""
    return _time_tag(at, lang(), datetime.now(display.CHINA).year)


@lru_cache(maxsize=20_000)
def _time_tag(at: datetime, _lang: str, _year: int) -> Markup:
    """What is written depends on the reader's language and on which year it is."""
    return _tagged(display.machine_time(at), display.long_time(at), display.short_time(at))


def left_tag(at: datetime, now: datetime) -> Markup:
    """What is left of a period: an icon, words and a colour, never the colour alone."""
    return _left(display.urgency(at, now), str(display.left_in_words(at, now)), lang())


@lru_cache(maxsize=2_000)
def _left(how: str, left: str, _lang: str) -> Markup:
    said, spoken = escape(left), escape(t(f"clock.{how}_word"))
    shade = "" if how == "fine" else how
    return Markup(  # noqa: S704 - every part is ours or escaped
        f'<span class="state {shade}">{icon(ICONS[how])}{said}'
        f'<span class="hidden-label"> ({spoken})</span></span>'
    )


def due_tag(
    at: datetime | None, now: datetime, rule: str = "", since: datetime | None = None
) -> Markup:
    """The same with the last day, opening to the rule that made it; says so where there is no clock.

    ``since``: the day whose law is cited, today's where none is given.
    """
    if at is None:
        return _no_clock(lang())
    tag = left_tag(at, now) + " " + _last_day(at, lang(), now.astimezone(display.CHINA).year)
    if not rule:
        return tag
    before, after = _around(rule, display.local(since or now).date(), lang())
    return before + tag + after


@cache
def _no_clock(_lang: str) -> Markup:
    return Markup('<span class="muted">{}</span>').format(t("clock.none"))


@lru_cache(maxsize=20_000)
def _around(rule: str, on: date, _lang: str) -> tuple[Markup, Markup]:
    """What opens to a rule of the deadline table and its articles as in force on a day."""
    name, known = rule_name(rule), rules().get(rule)
    link = Markup('<a href="{}">{}</a>')
    cites = [cite_on(ref, on) for ref in (known.basis if known else ())]
    told = Markup("<br>").join(
        [Markup("<b>{}</b>").format(name), *(link.format(one.href, one.words) for one in cites)]
    )
    before = Markup('<details class="due"><summary title="{}">').format(name)
    return before, Markup('</summary><p class="made-by small">{}</p></details>').format(told)


@lru_cache(maxsize=20_000)
def _last_day(at: datetime, _lang: str, _year: int) -> Markup:
    day = display.last_day(at)
    return _tagged(
        display.machine_time(at), display.long_date(day), display.short_date(day), "muted"
    )


def _tagged(machine: str, long: str, short: str, shade: str = "") -> Markup:
    styled = Markup(' class="{}"').format(shade) if shade else ""
    return Markup('<time{} datetime="{}" title="{}">{}</time>').format(styled, machine, long, short)


def register(app: Flask) -> None:
    """Let every template say it."""
    app.jinja_env.globals.update(time_tag=time_tag, left_tag=left_tag, due_tag=due_tag)
