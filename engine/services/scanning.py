"""Asks a virus scanner about a file: clamd's INSTREAM over a socket."""

from __future__ import annotations

import socket
import struct
from contextlib import closing
from dataclasses import dataclass

from engine.errors import Failed
from engine.model import Data

PIECE = 64 * 1024
LONGEST_ANSWER = 4096


@dataclass(frozen=True, slots=True)
class Clamd:
    """A service handler: (digest, {"content": bytes}) -> {"verdict", "found"}.

    ``address``: "host:port" or the path of a Unix socket; ``required``: nothing is taken without an
    answer. Verdicts: clean, infected (``found`` names what), unscanned (``found`` says why not).
    """

    address: str
    required: bool = False
    seconds: float = 30

    def __call__(self, digest: str, params: Data) -> Data:
        """Raises Failed (scanner_silent) where scanning is required and there was none."""
        try:
            said = self._ask(params["content"])
        except OSError as error:
            said = f"{type(error).__name__}: {error} ERROR"
        told, _, verdict = said.removeprefix("stream:").strip().rpartition(" ")
        if verdict in ("OK", "FOUND"):
            return {"verdict": "clean" if verdict == "OK" else "infected", "found": told}
        if self.required:
            raise Failed("scanner_silent", reason=told[:200])
        return {"verdict": "unscanned", "found": told[:200]}

    def _ask(self, content: bytes) -> str:
        """clamd's answer: "stream: OK", "stream: <name> FOUND", "<reason> ERROR"."""
        with closing(self._line()) as line:
            line.sendall(b"zINSTREAM\0")
            for begin in range(0, len(content), PIECE):
                piece = content[begin : begin + PIECE]
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            answer = b""
            while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
                more = line.recv(LONGEST_ANSWER)
                if not more:
                    break
                answer += more
        return answer.split(b"\0")[0].decode("utf-8", "replace")

    def _line(self) -> socket.socket:
        if "/" not in self.address:
            host, _, port = self.address.rpartition(":")
            return socket.create_connection((host, int(port)), self.seconds)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(self.seconds)
        try:
            line.connect(self.address)
        except OSError:
            line.close()
            raise
        return line


def no_scanner(digest: str, params: Data) -> Data:
    """Where files must be scanned and no scanner is set: raises Failed (scanner_missing)."""
    raise Failed("scanner_missing", permanent=True)
