"""Commands on proofs: take a case or an event log away, seal the log now, sign with a new key."""

from __future__ import annotations

from pathlib import Path

import click

from engine.model import Actor, Grant
from storage import queries
from webui import create_app
from webui.audit.taking import taken
from webui.config import read_config
from webui.eventlogs import ENDINGS, event_log
from webui.sealing import log_keys
from webui.wiring import build

from .words import either, language

OPERATOR = Actor("operator", "operator", (Grant("ADMIN", ""),))
"""Whoever may run commands on the machine."""


@click.group()
def taking() -> None:
    """Take away, seal."""


@taking.command()
@click.option("--case", "case_id", default="", help="办件 / a case")
@click.option("--dossier", default="", help="卷宗编号 / the id of a dossier: all its cases")
@click.option("--to", "path", type=click.Path(path_type=Path), help="文件 / the file")
@click.option("--health", default="", help="连同健康数据，写明理由 / with health data, and why")
def export(case_id: str, dossier: str, path: Path | None, health: str) -> None:
    """取走办件或卷宗的全部与证明，内含验证程序。 Take a case or a dossier away with proofs and verifiers."""
    if bool(case_id) == bool(dossier):
        raise click.UsageError(
            either("--case 与 --dossier 请给出其一", "give one of --case and --dossier")
        )
    built = build(read_config())
    path = path or Path(f"{case_id or dossier}.zip")
    with built.open_store() as store:
        of = store.case(case_id).dossier if case_id else dossier
    built.engine.note_taken(OPERATOR, of, case_id, health.strip())
    built.engine.seal(log_keys(built.config))
    with create_app(built=built).test_request_context(), path.open("wb") as file:
        for portion in taken(queries.Viewer(OPERATOR), of, case_id, bool(health.strip())):
            file.write(portion)
    size = path.stat().st_size
    click.echo(either(f"已写入 {path}（{size} 字节）", f"{path} written, {size} bytes"))


@taking.command()
@click.option("--procedure", default="", help="规程 / the procedure")
@click.option("--of", default="", help="卷宗号或办件编号 / a dossier's number or a case's id")
@click.option("--form", type=click.Choice(sorted(ENDINGS)), default="xes", show_default=True)
@click.option("--to", "path", type=click.Path(path_type=Path), help="文件 / the file")
def events(procedure: str, of: str, form: str, path: Path | None) -> None:
    """导出事件日志，供流程挖掘。 Write an event log for process mining; all cases without options."""
    built = build(read_config())
    path = path or Path(f"{of or procedure or 'liandiao'}.{ENDINGS[form]}")
    with built.read() as db, path.open("w", encoding="utf-8", newline="") as file:
        cases = queries.logged_cases(db, queries.Viewer(OPERATOR), procedure, of)
        for portion in event_log(built.store_on(db), cases, form, language()):
            file.write(portion)
    built.engine.note_search(OPERATOR, {"procedure": procedure, "of": of, "taken": form})
    size = path.stat().st_size
    click.echo(either(f"已写入 {path}（{size} 字节）", f"{path} written, {size} bytes"))


@taking.command()
@click.option("--rotate", is_flag=True, help="换用新的签名密钥 / sign with a new key from now on")
@click.option("--reason", default="", help="理由，记入日志 / the reason, journalled")
def seal(rotate: bool, reason: str) -> None:
    """立即固化日志并显示检查点。 Seal the log now and show its signed head."""
    built = build(read_config())
    keys = log_keys(built.config)
    if rotate:
        built.engine.rotate_key(OPERATOR, keys, reason)
    sealed = built.engine.seal(keys)
    with built.open_store() as store:
        size, note = store.last_checkpoint()
    click.echo(note, nl=False)
    click.echo(
        either(
            f"固化 {sealed} 条，签名日志共 {size} 条", f"{sealed} sealed, {size} in the signed log"
        )
    )
