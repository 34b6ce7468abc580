"""The scanner's answers, from a real server that speaks clamd's protocol."""

import pytest

from engine.errors import Failed
from engine.services.scanning import PIECE, Clamd, no_scanner
from tests.clamd import VIRUS, serving


def asked(address, content, required=False):
    return Clamd(address, required, 5)("digest", {"content": content})


def test_a_clean_file_of_many_pieces_arrives_whole():
    content = bytes(range(256)) * (3 * PIECE // 256) + b"end"
    with serving() as (address, seen):
        assert asked(address, content)["verdict"] == "clean"
    assert seen == [content]


def test_a_virus_is_named_over_a_unix_socket_too(tmp_path):
    with serving(path=str(tmp_path / "clamd")) as (address, _):
        assert asked(address, VIRUS) == {"verdict": "infected", "found": "Eicar-Test"}


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"\xff\0", b"stream: OK?\0"]
)
def test_what_is_no_verdict_is_no_scan(answer):
    with serving(lambda _: answer) as (address, _):
        assert asked(address, b"text")["verdict"] == "unscanned"
        with pytest.raises(Failed, match="scanner_silent"):
            asked(address, b"text", required=True)


def test_nobody_listens():
    assert asked("127.0.0.1:9", b"text")["verdict"] == "unscanned"
    with pytest.raises(Failed, match="scanner_silent"):
        asked("/no/such/socket", b"text", required=True)
    with pytest.raises(Failed, match="scanner_missing"):
        no_scanner("digest", {"content": b""})
