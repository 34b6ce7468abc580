"""Who keeps the log's heads where the administrator of the database cannot reach."""

from __future__ import annotations

from pathlib import Path

from engine.errors import Failed
from engine.ports import ServiceHandler


class FolderWitness:
    """A share of another office, a stick, a disk that writes once.

    One file for each checkpoint, never written twice: ``checkpoint-<size>.txt``.
    """

    def __init__(self, folder: Path) -> None:
        self.name = f"folder:{folder}"
        self._folder = folder

    def keep(self, size: int, note: str) -> bytes:
        """Raises Failed: witness_failed; witness_disagrees when another note of this size is there
        already; witness_ahead when a later one is: the log was shortened, as by a restored backup.
        """
        path = self._folder / f"{_id(size)}.txt"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            last = max((kept.stem for kept in self._folder.glob("checkpoint-*.txt")), default="")
            if last > path.stem:
                kept_size = last.removeprefix("checkpoint-").lstrip("0")
                told = {"witness": self.name, "size": size, "kept": kept_size}
                raise Failed("witness_ahead", permanent=True, **told)
            if not path.exists():
                with path.open("x", encoding="utf-8") as file:
                    file.write(note)
            kept = path.read_text("utf-8")
        except OSError as error:
            raise Failed("witness_failed", witness=self.name, reason=error.strerror) from error
        if kept != note:
            raise Failed("witness_disagrees", permanent=True, witness=self.name, size=size)
        return b""


class MailWitness:
    """A mailbox that keeps what it gets."""

    def __init__(self, mail: ServiceHandler, address: str) -> None:
        self.name = f"mailto:{address}"
        self._mail, self._address = mail, address

    def keep(self, size: int, note: str) -> bytes:
        """The id of the mail, which is the same when it is sent again. Raises Failed (mail_...)."""
        subject = f"联调日志检查点 Liandiao checkpoint {size}"
        told = {"address": self._address, "subject": subject, "text": note}
        return str(self._mail(_id(size), told)["reference"]).encode()


class HookWitness:
    """Another office behind an address: it takes ``{"id", "size", "checkpoint"}``, signed by us."""

    def __init__(self, platform: ServiceHandler, address: str) -> None:
        self.name = address
        self._platform = platform

    def keep(self, size: int, note: str) -> bytes:
        """What it calls the checkpoint. Raises Failed (platform_...)."""
        answer = self._platform(_id(size), {"size": size, "checkpoint": note})
        return str(answer["reference"]).encode()


def _id(size: int) -> str:
    return f"checkpoint-{size:012}"
