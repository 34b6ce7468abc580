"""A witness that is a folder: a share of another office, a stick, a disk that writes once."""

from __future__ import annotations

from pathlib import Path

from engine.errors import Failed


class FolderWitness:
    """One file for each checkpoint, never written twice: ``checkpoint-<size>.txt``."""

    def __init__(self, folder: Path) -> None:
        self.name = f"folder:{folder}"
        self._folder = folder

    def keep(self, size: int, note: str) -> bytes:
        """Raises Failed (witness_failed), also when another note of this size is there already."""
        path = self._folder / f"checkpoint-{size:012}.txt"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                with path.open("x", encoding="utf-8") as file:
                    file.write(note)
            kept = path.read_text("utf-8")
        except OSError as error:
            raise Failed("witness_failed", witness=self.name, reason=error.strerror) from error
        if kept != note:
            raise Failed("witness_disagrees", permanent=True, witness=self.name, size=size)
        return b""
