"""Values as a document writes them: choices by their label, dates and amounts in words of the language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.errors import Invalid
from engine.forms import Field, form_of
from engine.lexical import Months
from engine.model import Bilingual, Release
from engine.texts import Lang
from engine.workdays import CHINA

CODE = re.compile(r"[A-Z][A-Z0-9_]{1,}")
WORDS = "shared/letters/words.toml"
KEYS = "shared/letters/keys.toml"
YES: Mapping[bool, Bilingual] = {
    True: {"zh": "是", "en": "yes"},
    False: {"zh": "否", "en": "no"},
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The fields of a release's forms by pointer, columns as ``/terms/*/amount``, and every choice."""

    fields: Mapping[str, Field]
    by_name: Mapping[tuple[str, str], Bilingual] = field(default_factory=dict)
    by_code: Mapping[str, Bilingual] = field(default_factory=dict)
    by_key: Mapping[str, Bilingual] = field(default_factory=dict)

    def label(self, pointer: str, lang: Lang) -> str:
        """What a form calls the value at a pointer; its last part where none asks for it."""
        return self.word(pointer, lang) or pointer.rpartition("/")[2]

    def word(self, pointer: str, lang: Lang) -> str:
        """The same; "" where there is no word for it."""
        found = self.fields.get(pointer) or self.fields.get(pointer.removesuffix("/*"))
        label = found.label if found else self.by_key.get(pointer.rpartition("/")[2])
        return label[lang] if label else ""

    def named(self, key: str, lang: Lang) -> str:
        """What the forms call the last part of a pointer; itself where none asks for it."""
        label = self.by_key.get(key)
        return label[lang] if label else key

    def say(self, value: Any, pointer: str, lang: Lang, names: Mapping[str, str]) -> Any:
        """The same tree with every leaf a string (None where there is nothing)."""
        if isinstance(value, Mapping):
            if "digest" in value and "name" in value:
                return str(value["name"])
            return {
                key: self.say(one, f"{pointer}/{key}", lang, names) for key, one in value.items()
            }
        if isinstance(value, list | tuple):
            inner = pointer if self._is_choice(pointer) else f"{pointer}/*"
            return [self.say(one, inner, lang, names) for one in value]
        if isinstance(value, str):
            return names.get(value) or self._choice(value, pointer, lang) or value
        return self._plain(value, pointer, lang)

    def _is_choice(self, pointer: str) -> bool:
        found = self.fields.get(pointer)
        return found is not None and found.kind == "choices"

    def _choice(self, code: str, pointer: str, lang: Lang) -> str:
        found = self.fields.get(pointer)
        for choice in found.choices if found else ():
            if choice.value == code:
                return choice.label[lang]
        if not CODE.fullmatch(code):
            return ""
        name = pointer.removesuffix("/*").rpartition("/")[2]
        label = self.by_name.get((name, code)) or self.by_code.get(code)
        return label[lang] if label else ""

    def _plain(self, value: Any, pointer: str, lang: Lang) -> str | None:
        if value is None:
            return None
        if isinstance(value, bool):
            return YES[value][lang]
        if isinstance(value, Decimal | int):
            found = self.fields.get(pointer)
            is_money = found is not None and found.kind == "money"
            return f"{value:,.2f}" if is_money or pointer.endswith("/amount") else f"{value:f}"
        return _of_time(value, lang)


def _of_time(value: Any, lang: Lang) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(CHINA)
        if lang == "en":
            return f"{local:%Y-%m-%d %H:%M}"
        return f"{local.year}年{local.month}月{local.day}日{local.hour}时{local.minute:02}分"
    if isinstance(value, date):
        return value.isoformat() if lang == "en" else f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, timedelta) and lang == "zh":
        return f"{value.days}日"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Months) and lang == "zh":
        return f"{value.n}个月"
    return str(value)


def wording_of(release: Release) -> Wording:
    """The words of a release; releases never change, so each is read once."""
    return _wording(_Key(release))


class _Key:
    """A release as a key of the cache, by its digest."""

    def __init__(self, release: Release) -> None:
        self.release = release

    def __hash__(self) -> int:
        return hash(self.release.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.release.digest == self.release.digest


@lru_cache(maxsize=128)
def _wording(key: _Key) -> Wording:
    fields: dict[str, Field] = {}
    for one in _fields(key.release.files):
        fields.setdefault(one.pointer, one)
    by_name: dict[tuple[str, str], Bilingual] = {}
    meanings: dict[str, set[tuple[str, str]]] = {}
    for one in fields.values():
        for choice in one.choices:
            by_name.setdefault((one.name, choice.value), choice.label)
            meanings.setdefault(choice.value, set()).add((choice.label["zh"], choice.label["en"]))
    by_code = dict(_table(key.release, WORDS))
    by_code |= {
        code: {"zh": zh, "en": en}
        for code, said in meanings.items()
        if len(said) == 1
        for zh, en in said
    }
    by_key = dict(_table(key.release, KEYS))
    by_key.update({one.name: one.label for one in reversed(fields.values())})
    return Wording(fields, by_name, by_code, by_key)


def _table(release: Release, name: str) -> Mapping[str, Bilingual]:
    return tomllib.loads(release.files.get(name, b"").decode())


def _fields(files: Mapping[str, bytes]) -> Iterator[Field]:
    for name in sorted(files):
        folder, _, file = name.rpartition("forms/")
        if not file.endswith(".json") or folder.strip("/").startswith("scenarios"):
            continue
        try:
            form = form_of(files, folder + file.removesuffix(".json"))
        except Invalid:
            continue  # the checks say why
        yield from form.sequence if form else ()
