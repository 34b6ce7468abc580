"""``liandiao verify``: every chain, every replay, every release and file; what differs is named."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from engine.replay import Verdict
from webui.config import Config, read_config
from webui.filing import verify_files
from webui.outside import check_receipt, compare
from webui.verification import Verification, prover_of
from webui.wiring import blobs_of, reader

from .words import either, going, json_lines, say

FILE = click.Path(exists=True, path_type=Path)


@click.command()
@click.option("--case", "case_id", help="一个办件 / one case")
@click.option(
    "--all", "every", is_flag=True, help="全部办件、日志、版本与文件 / everything there is"
)
@click.option(
    "--checkpoint",
    type=FILE,
    help="与外存的检查点（文件或文件夹）比对 / compare with heads kept outside (file or folder)",
)
@click.option("--receipt", type=FILE, help="核对一份回执 / check a receipt")
@click.option(
    "--files",
    is_flag=True,
    help="只核对文件：缺失、损坏、无主 / files only: missing, damaged, orphans",
)
@click.option("--resume", is_flag=True, help="接着上次中断处 / go on where it was interrupted")
@click.option("--jobs", default=0, help="进程数，0 为每核一个 / processes, 0: one for each core")
@json_lines
def verify(resume: bool, jobs: int, as_json: bool, **wanted: Any) -> None:
    """核对日志链并重放，指出第一处不同。 Verify chains and replay them; name what differs."""
    case_id, checkpoint, receipt = (wanted[key] for key in ("case_id", "checkpoint", "receipt"))
    if case_id:
        _end(
            *_few(prover_of(read_config()).prove("stream", f"case:{case_id}"), as_json=as_json),
            as_json,
        )
    elif receipt:
        _end(*_few(*check_receipt(read_config(), receipt), as_json=as_json), as_json)
    elif checkpoint:
        _end(*_few(*compare(read_config(), checkpoint), as_json=as_json), as_json)
    elif wanted["files"]:
        _end(*_files(read_config(), as_json), as_json)
    elif wanted["every"]:
        _end(*_all(Verification(read_config(), jobs, resume), as_json), as_json)
    else:
        options = "--all, --case, --files, --checkpoint, --receipt"
        raise click.UsageError(either(f"请给出其中之一：{options}", f"give one of {options}"))


def _few(*verdicts: Verdict, as_json: bool) -> tuple[int, int]:
    for verdict in verdicts:
        click.echo(verdict_json(verdict) if as_json else "\n".join(sentences(verdict)))
    passed = sum(verdict.same for verdict in verdicts)
    return passed, len(verdicts) - passed


def _all(verification: Verification, as_json: bool) -> tuple[int, int]:
    progress = verification.progress
    with going((), either("核对", "verifying"), verification.total) as bar:
        bar.update(progress.passed + progress.failed)
        try:
            for verdicts in verification.run():
                bar.update(len(verdicts))
                _tell(verdicts, as_json)
        except KeyboardInterrupt:
            words = either("已中断，用 --resume 接着核对", "stopped; --resume goes on from here")
            click.echo(f"\n{words}", err=True)
            click.echo(_counts(progress.passed, progress.failed), err=as_json)
            sys.exit(130)
    return progress.passed, progress.failed


def _tell(verdicts: list[Verdict], as_json: bool) -> None:
    """Each as JSON; in words only what has something to say."""
    for verdict in verdicts:
        if as_json:
            click.echo(verdict_json(verdict))
        elif verdict.breaks:
            click.echo("\n".join(sentences(verdict)))


def _files(config: Config, as_json: bool) -> tuple[int, int]:
    """Names every file that is not as it should be; an orphan is named, but is no fault."""
    passed = failed = 0
    for one in verify_files(reader(config), blobs_of(config)):
        passed, failed = passed + (not one.is_wrong), failed + one.is_wrong
        if as_json:
            click.echo(json.dumps({"digest": one.digest, "code": one.code}))
        elif one.code:
            click.echo(say(one.code, {"digest": one.digest, "certificate": one.certificate}))
    return passed, failed


def _end(passed: int, failed: int, as_json: bool) -> None:
    click.echo(_counts(passed, failed), err=as_json)
    sys.exit(1 if failed else 0)


def _counts(passed: int, failed: int) -> str:
    return f"{passed} passed, {failed} failed"


def sentences(verdict: Verdict) -> Iterator[str]:
    """A verdict in words: one sentence when all is well, one per break otherwise."""
    if not verdict.breaks and not verdict.replayed:
        yield either(
            f"{verdict.case}：成立，{verdict.entries} 条",
            f"{verdict.case}: holds, {verdict.entries} entries",
        )
    elif not verdict.breaks:
        yield either(
            f"重放一致 · 链完整 · {verdict.entries} 条日志，重放 {verdict.replayed} 步（{verdict.case}）",
            f"replays the same, chain whole: {verdict.entries} entries, {verdict.replayed} steps"
            f" ({verdict.case})",
        )
    for fault in verdict.breaks:
        params = {"certificate": "", "reason": "", "digest": "", **verdict.params}
        yield f"{fault.stream}: {say(fault.code, params | {'seq': fault.seq})}"


def verdict_json(verdict: Verdict) -> str:
    """One line for a machine."""
    faults = [{"seq": b.seq, "code": b.code} for b in verdict.breaks]
    return json.dumps(
        {
            "case": verdict.case,
            "same": verdict.same,
            "entries": verdict.entries,
            "replayed": verdict.replayed,
            "breaks": faults,
        }
    )
