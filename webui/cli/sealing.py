"""The command that says whether a file is the document a court sealed."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from engine.examining import digest_of, examine
from engine.model.sealed import SealUse
from engine.sealports import Verified
from webui.config import Config, read_config
from webui.seals import seals_of
from webui.wiring import reader

from .words import either, json_lines, say


@click.group()
def sealing() -> None:
    """Verify sealed documents."""


@sealing.command(name="verify-document")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--trust",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="承认的证书和吊销列表的文件夹，不查登记簿 / folder of certificates to trust, no register",
)
@json_lines
def verify_document(file: Path, trust: Path | None, as_json: bool) -> None:
    """核对一份签章文件：摘要与登记一致，签章有效且可长期验证。 Verify a sealed document."""
    config, content = read_config(), file.read_bytes()
    if trust:
        aside = replace(config, seals=replace(config.seals, trust=trust, token=""), data=trust)
        verified = seals_of(aside, _now).verify(content)
    else:
        verified = examine(content, _recorded(config, content), seals_of(config, _now))
    click.echo(_json(verified) if as_json else _sentence(verified, alone=trust is not None))
    sys.exit(0 if verified.result == "OK" else 1)


def _recorded(config: Config, content: bytes) -> SealUse | None:
    with reader(config)() as store:
        return store.use_by_digest(digest_of(content))


def _json(verified: Verified) -> str:
    return json.dumps(asdict(verified), ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _sentence(verified: Verified, alone: bool) -> str:
    if verified.result != "OK":
        return say(verified.reason, verified.params)
    holders = "、".join(one.holder for one in verified.signatures)
    zh, en = f"签章有效，可长期验证：{holders}。", f"The seal holds for the long term: {holders}."
    if alone:
        return either(
            f"{zh}没有与登记簿核对，请再用验真码核对。",
            f"{en} Not compared with the register: look up its code as well.",
        )
    return either(f"{zh}文件与登记的一致。", f"{en} The file is the recorded one.")


def _now() -> datetime:
    return datetime.now(UTC)
