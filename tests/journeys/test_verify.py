"""Anybody with a document and its code: the browser itself says whether it is the one that was sealed."""

from __future__ import annotations

import pytest

from tests.cast import ORGANISATIONS, PEOPLE
from tests.journeys.conftest import HASH, served
from tests.seal.asking import asked
from webui.config import read_config
from webui.wiring import build


@pytest.fixture(scope="module")
def sealed(tmp_path_factory, letter):
    """(folder, code, the sealed file)."""
    config = read_config({"LIANDIAO_DATA": str(tmp_path_factory.mktemp("sealed"))})
    built = build(config)
    built.engine.bring_people(ORGANISATIONS, PEOPLE.values(), HASH)
    built.engine.blobs.put(letter)
    effect = asked(built.engine, built.open_store, letter, title='"民事裁定书"')
    assert built.engine.perform(effect)
    with built.open_store() as store:
        use = store.seal_use(effect)
    content = built.engine.blobs.get(use.digest)
    built.database.close()
    return config, use.code, content


@pytest.fixture(scope="module")
def site(sealed):
    with served(sealed[0]) as address:
        yield address


@pytest.mark.parametrize(
    ("harm", "says"),
    [(lambda file: file, "一致：这就是"), (lambda file: file + b"\n", "不一致：")],
)
def test_the_browser_compares_and_sends_nothing(visitor, sealed, tmp_path, harm, says):
    _, code, content = sealed
    (tmp_path / "a.pdf").write_bytes(harm(content))
    anybody = visitor().open(f"/v/{code}")
    sent = []
    anybody.page.on("request", lambda request: sent.append(request.url))
    anybody.page.set_input_files("#file", tmp_path / "a.pdf")
    anybody.page.wait_for_function("document.querySelector('[data-verdict]').textContent")
    assert anybody.page.text_content("[data-verdict]").startswith(says)
    assert sent == []
    assert anybody.complaints() == []


def test_the_full_check_fits_a_phone(visitor, sealed, tmp_path):
    _, code, content = sealed
    (tmp_path / "a.pdf").write_bytes(content)
    anybody = visitor(width=390).open(f"/v/{code}")
    anybody.page.set_input_files("#file", tmp_path / "a.pdf")
    anybody.page.click("form[action*='/v/'] button.btn")
    anybody.page.wait_for_selector("#checked")
    assert "验证通过" in anybody.page.text_content("#checked")
    anybody.open(f"/language/en?next=/v/{code}")
    assert (anybody.complaints(), anybody.fits()) == ([], True)
    assert anybody.fits()
