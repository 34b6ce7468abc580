"""A small server that speaks clamd's protocol: finds what contains the word it is told."""

from __future__ import annotations

import socketserver
import struct
from contextlib import contextmanager
from threading import Thread

VIRUS = b"X5O!P%@AP[4-PZX54(P^)7CC)7}-STANDARD-ANTIVIRUS-TEST"
"""No virus: what every scanner finds on purpose."""


class Session(socketserver.StreamRequestHandler):
    """One INSTREAM: pieces with their length before them, a length of nothing at the end."""

    def handle(self):
        if self.rfile.read(10) != b"zINSTREAM\0":
            return
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.seen.append(content)
        self.wfile.write(self.server.answer(content))


@contextmanager
def serving(answer=None, path=""):
    """A server on this machine: (its address, what was sent to it)."""
    if path:
        server = socketserver.ThreadingUnixStreamServer(path, Session)
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    server.seen, server.daemon_threads = [], True
    server.answer = answer or judged
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield path or f"127.0.0.1:{server.server_address[1]}", server.seen
    finally:
        server.shutdown()
        server.server_close()


def judged(content):
    return b"stream: Eicar-Test FOUND\0" if VIRUS in content else b"stream: OK\0"
