"""Commands that carry messages between offices without a line: one signed file out, one in."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from engine.errors import EngineError
from engine.exchange.parcels import read_parcel
from engine.model import Actor
from webui.config import read_config
from webui.offices import note_packed, pack, unpack
from webui.product import Built
from webui.wiring import build

from .words import either, explain


@click.group()
def exchanging() -> None:
    """Messages as files."""


@exchanging.command()
@click.argument("action", type=click.Choice(["export", "import", "show"]))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--office", default="", help="export: 收件单位代码 / code of the receiving office")
@click.option(
    "--by", "login", default="", help="经手管理员登录名，记入日志 / administrator's login"
)
@click.option("--again", is_flag=True, help="export: 连同以前装过文件的 / what went by file, too")
def messages(action: str, file: Path, office: str, login: str, again: bool) -> None:
    """导出、收下或查看机构间消息文件。 Export, take in or show a file of messages between offices.

    收几次都只办一次。 However often a file is taken in, what it asks for is done once.
    """
    if action == "show":
        _show(file)
        return
    built = build(read_config())
    actor = _administrator(built, login)
    if action == "import":
        _take(built, actor, file)
        return
    packed = pack(built, actor, office, again)
    _write(file, packed.content)
    note_packed(built, actor, office, packed)
    count = len(packed.letters)
    click.echo(either(f"已导出 {count} 条消息：{file}", f"{count} messages exported: {file}"))


def _take(built: Built, actor: Actor, file: Path) -> None:
    found = unpack(built, actor, file.read_bytes())
    for letter, refused in found.refused:
        click.echo(f"{letter.name} {letter.id}: {explain(refused)}", err=True)
    click.echo(
        either(
            f"新收 {found.taken} 条，以前收过 {found.before} 条，没有收下 {len(found.refused)} 条",
            f"{found.taken} new, {found.before} came before, {len(found.refused)} refused",
        )
    )
    if found.refused:
        sys.exit(1)


def _show(file: Path) -> None:
    parcel = read_parcel(file.read_bytes())
    for letter in parcel.letters:
        click.echo(f"{letter.name:<28} {letter.key:<20} {letter.dossier[1]:<16} {letter.id}")
    count, way = len(parcel.letters), f"{parcel.sender} -> {parcel.receiver}"
    click.echo(
        either(f"{way}：{count} 条，未验签", f"{way}: {count} messages, signature not checked")
    )


def _write(file: Path, content: bytes) -> None:
    """On the disk before its messages count as sent."""
    with file.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _administrator(built: Built, login: str) -> Actor:
    with built.open_store() as store:
        try:
            person = store.person_by_login(login)
        except EngineError as unknown:
            raise click.UsageError(either("--by 须是登录名", "--by must be a login")) from unknown
    return Actor(person.id, person.name, person.grants)
