"""Commands that run the product: serve, worker, migrate, demo, publish, settings."""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click
from waitress import serve as serve_http

from engine.model import Actor
from engine.package import read_package
from engine.worker import Worker, turn_clock
from storage.queue import one_server
from storage.schema import migrate as migrate_schema
from webui import create_app
from webui.config import SETTINGS, read_config
from webui.demo import (
    PASSWORD,
    fill,
    invite_some,
    is_empty,
    one_to_try,
    populate,
    sign_ins,
)
from webui.product import Built
from webui.public.views import setup_code
from webui.sealing import tending
from webui.walking import walking
from webui.wiring import build, bundled

from .words import either, going, json_lines, language

SWITCHED = 0.0005
"""Seconds a busy thread may keep one waiting that comes back from a commit: beside three busy
threads ten commits take 130 to 190 ms, with Python's own 5 ms 250 to 620 ms."""
EVERY = 200


@click.group()
def serving() -> None:
    """Serve, work, migrate, publish."""


@serving.command()
@click.option(
    "--demo", is_flag=True, help="空库时放入演示人员和办件 / demonstration people and cases"
)
def serve(demo: bool) -> None:
    """启动服务。 Serve the product (settings: liandiao settings)."""
    config = read_config()
    with one_server(config.data) if config.is_sqlite else nullcontext():
        built = build(config)
        for release in built.engine.install(bundled()):
            click.echo(either(f"已发布规程 {release.procedure}", f"published {release.procedure}"))
        for draft in built.engine.offer(bundled()):
            click.echo(
                either(
                    f"规程 {draft.procedure} 的随附新版本等待核准",
                    f"a later version of {draft.procedure} came along and awaits approval",
                )
            )
        if demo and is_empty(built):
            _demonstrate(built, 60)
        if config.is_sqlite:  # elsewhere other workers may be at it
            with built.open_store() as store:
                store.free_leases()
        sys.setswitchinterval(SWITCHED)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue of two is no news
        with turning(built):
            _announce(built, demo)
            serve_http(
                create_app(built=built),
                host=config.host,
                port=config.port,
                threads=config.threads,
                ident="liandiao",
                max_request_body_size=config.upload_max_bytes,
            )


@contextmanager
def turning(built: Built) -> Iterator[None]:
    """The clock turns in a thread beside the pages, as long as these are served."""
    worker = Worker(built.engine, built.open_store, built.clock)
    turn = partial(turn_clock, worker, built.queue, seal=tending(built), walk=walking(built))
    thread = threading.Thread(target=turn, daemon=True)
    thread.start()
    try:
        yield
    finally:
        built.queue.stop()
        thread.join(timeout=10)


def _announce(built: Built, demo: bool) -> None:
    config = built.config
    here = f"http://{config.host}:{config.port}"
    click.echo(f"联调 Liandiao  {here}  ({config.data})")
    if is_empty(built):
        words = either("建立首个管理员", "create the first administrator")
        click.echo(f"  {words}: {here}/setup?code={setup_code(config.secret)}")
    if demo:
        click.echo(
            either("演示登录（口令均为 ", "demonstration sign-ins (password of all: ")
            + PASSWORD
            + ")"
        )
        for login, words in sign_ins(language()):
            click.echo(f"  {login:<12} {words}")
        _announce_party(built, here)


def _announce_party(built: Built, here: str) -> None:
    """A link and its code, as a clerk would send and tell them."""
    asked = one_to_try(built)
    if asked:
        words = either("当事人页面", "a party's own page")
        code = either("验证码", "code")
        name, secret = asked.invitation.name, asked.secret
        click.echo(f"  {words}（{name}）: {here}/p/{secret}  {code} {asked.code}")


@serving.command()
def worker() -> None:
    """办理到期事项，可在多台机器上运行任意多个（PostgreSQL）。 Do due work; run any number of them."""
    config = read_config()
    if config.is_sqlite:
        raise click.UsageError(
            either(
                "SQLite 的到期事项由 liandiao serve 办理；多个进程请用 PostgreSQL",
                "on SQLite `liandiao serve` does the due work; several processes need PostgreSQL",
            )
        )
    built = build(config)
    signal.signal(signal.SIGTERM, lambda *_: built.queue.stop())
    one = Worker(built.engine, built.open_store, built.clock)
    try:
        turn_clock(one, built.queue, seal=tending(built), walk=walking(built))
    except KeyboardInterrupt:
        built.queue.stop()
    click.echo(f"{one.pulse.done} done, {one.pulse.failed} failed")


@serving.command()
def migrate() -> None:
    """把数据库升级到本版本。 Bring the database to this version."""
    config = read_config()
    config.data.mkdir(parents=True, exist_ok=True)
    migrate_schema(config.database_url)
    click.echo(either("数据库已是本版本", "the database is at this version"))


@serving.command()
@click.option("--cases", default=EVERY, show_default=True, help="卷宗数 / dossiers")
def demo(cases: int) -> None:
    """放入可信的演示数据。 Fill the database with believable dossiers."""
    built = build(read_config())
    built.engine.install(bundled())
    if not is_empty(built):
        raise click.UsageError(
            either("库中已有数据，不再放入", "there is data already; nothing was added")
        )
    _demonstrate(built, cases)


def _demonstrate(built: Built, cases: int) -> None:
    populate(built)
    with going((), either("演示办件", "cases"), cases) as bar:
        told = fill(built, cases, lambda: bar.update(1))
    invite_some(built)
    click.echo(either(f"已放入 {told} 份卷宗", f"{told} dossiers filled in"))


@serving.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--author", required=True, help="编制人登录名 / author's login")
@click.option("--approver", required=True, help="批准人登录名，须为另一人 / approver's login")
@click.option("--note", default="", help="发布说明 / release note")
@json_lines
def publish(path: Path, author: str, approver: str, note: str, as_json: bool) -> None:
    """检查并发布一个规程。 Check and publish a procedure."""
    built = build(read_config())
    name = path.resolve().name.removesuffix(".zip")
    people = _actor(built, author), _actor(built, approver)
    release = built.engine.publish(*people, name, read_package(path), note)
    if as_json:
        told = {"procedure": name, "version": release.version, "digest": release.digest}
        click.echo(json.dumps(told))
    said = f"{name} v{release.version}: {release.digest}"
    click.echo(either(f"已发布 {said}", f"published {said}"), err=as_json)


def _actor(built: Built, login: str) -> Actor:
    with built.open_store() as store:
        person = store.person_by_login(login)
    return Actor(person.id, person.name, person.grants)


@serving.command()
@json_lines
def settings(as_json: bool) -> None:
    """列出环境变量及默认值。 List the environment variables with their defaults."""
    for setting in SETTINGS:
        line = f"{setting.variable:<26} {setting.default or '-':<12} "
        told = json.dumps(asdict(setting), ensure_ascii=False)
        click.echo(told if as_json else line + either(setting.zh, setting.en))
    count = len(SETTINGS)
    click.echo(either(f"共 {count} 项设置", f"{count} settings"), err=as_json)


@serving.command()
@click.argument("names", nargs=-1)
def bench(names: tuple[str, ...]) -> None:
    """测量速度与内存（须在源码目录）。 Measure speed and memory (in a source checkout)."""
    if not Path("bench/__main__.py").exists():
        raise click.UsageError(either("请在源码目录中运行", "run it in a source checkout"))
    sys.exit(subprocess.call([sys.executable, "-m", "bench", *names]))  # noqa: S603 - our own module
