"""Every document that the rules name has its letter, which typesets with the data of a story."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from itertools import cycle
from typing import Any

import pytest
from pypdf import PdfReader

from engine.diagram import read_diagram
from engine.letters import Foreseen, gather, letters_of, wording_of
from engine.letters.making import RECORD, kinds_of
from engine.letters.sampling import sampled
from engine.model import Release
from engine.scenario import find_scenarios
from engine.services.typesetting import Letters
from tests import cast
from tests.bpmn.test_scenarios import BPMN, PROCEDURES, bundled, published
from tests.glyphs import strayed

AT = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
LETTERS = [
    path.relative_to(BPMN).as_posix()
    for path in sorted(BPMN.glob("*/letters/*.typ"))
    if path.parts[-3] != "shared"
]
NAMED = {
    "3.9": "调解告知书 调解申请书 委派（委托）调解函 送达地址确认书 调解笔录 无争议事实记载 调解协议书"
    " 调解终止情况报告 预警通报单 自动履行证明",
    "4.6": "司法确认申请书 受理通知书 补正通知书 不予受理裁定书 口头申请笔录 收件回执 诚信诉讼承诺书",
    "5": "民事裁定书 民事调解书 审查笔录",
    "6.8": "民事裁定书（已签章） 用印登记 裁定书回传通知 送达回证 电子送达凭证 裁定书打印记录"
    " 申请撤销确认调解协议裁定 履行记录",
    "7.9": "拘留呈批表 拘留决定书 拘留家属通知书 异地收拘说明 异地执行拘留审批表 委托函 移交告知单"
    " 入所健康检查表 被拘留人登记表 暂存物品、现金收据 违禁品、涉案物品移交清单 权利义务告知书"
    " 矛盾纠纷排查表 不予收拘通知书 可能错误拘留通知书 执行回执",
    "8": "矛盾化解工作方案 应急预案 执行和解协议 司法拘留矛盾化解台账",
    "9": "解除拘留证明书 提前解除拘留决定书 具结悔过书 建议停止执行拘留通知书 建议另行处理通知书"
    " 移交记录 跟踪回访记录 复议申请书 复议决定书",
    "10": "会议纪要 表彰通报 联合通报、约谈、挂牌督办通知 解除挂牌督办通知 考评结果通知书"
    " 培训记录（结业名单）",
}
"""By section of the rules, the documents that its tables name."""


@cache
def setter() -> Letters:
    return Letters()


@cache
def kinds() -> frozenset[str]:
    return frozenset(
        letter.kind for name in PROCEDURES for letter in letters_of(bundled(name).files).values()
    )


@pytest.mark.parametrize("section", NAMED)
def test_every_document_of_the_tables_has_a_letter(section: str) -> None:
    assert set(NAMED[section].split()) - kinds() == set()


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_whatever_is_recorded_has_a_letter(procedure: str) -> None:
    release = bundled(procedure)
    nodes = read_diagram(release.files["process.bpmn"]).nodes.values()
    recorded = {kind for node in nodes if node.operation == RECORD for kind in kinds_of(node)}
    assert recorded - letters_of(release.files).keys() == set()


@cache
def told(procedure: str) -> dict[str, dict]:
    """By letter what a story gave it that lacks nothing; stories are played until each has had its turn.

    Papers to print are made from how a story ended.
    """
    release = bundled(procedure)
    letters = letters_of(release.files)
    found: dict[str, dict] = {}
    for scenario in find_scenarios(release.files):
        recorded, end = sampled(release, published(), scenario)
        made = [(str(one.effect.params["kind"]), given(one)) for one in recorded]
        made += [(one.id, given(Foreseen(None, end))) for one in letters.values() if one.tasks]
        for name, data in made:
            if name in letters and name not in found and not lacks(release, name, data):
                found[name] = data
        if found.keys() == letters.keys():
            break
    return found


def lacks(release: Release, letter: str, data: dict) -> bool:
    return bool(setter().problems(release, letter, data))


def given(one: Foreseen) -> dict:
    params = one.effect.params if one.effect else {}
    document = {"title": params.get("title"), "at": AT, "data": params.get("data")}
    organ = {"name": "石桥镇人民调解委员会", "court": "云溪县人民法院"}
    return {**one.data, "document": document, "organ": organ, "names": NAMES}


NAMES = {one.id: one.name for one in (*cast.ORGANISATIONS, *cast.PEOPLE.values())}


@pytest.mark.parametrize("path", LETTERS)
def test_it_typesets_with_the_data_of_a_story(path: str) -> None:
    procedure, _, letter = path.removesuffix(".typ").partition("/letters/")
    made = setter().typeset(bundled(procedure), letter, told(procedure)[letter])
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(made.pdf)).pages)
    assert {"seal", "code"} <= {one.name for one in made.anchors}
    assert not re.search(r"\b([A-Z]{3,}_[A-Z_]+|[a-z]+_[a-z_]+)\b", text), text  # not in words
    assert "二〇" in text or "年" in text


@pytest.mark.parametrize("path", LETTERS[::9])
def test_its_reading_aid_is_in_english(path: str) -> None:
    procedure, _, letter = path.removesuffix(".typ").partition("/letters/")
    made = setter().typeset(bundled(procedure), letter, told(procedure)[letter], "en")
    text = PdfReader(BytesIO(made.pdf)).pages[0].extract_text()
    assert "A reading aid" in text
    assert letters_of(bundled(procedure).files)[letter].title["en"] in text.replace("\n", " ")


@pytest.mark.parametrize("path", LETTERS)
def test_its_reading_aid_says_words(path: str) -> None:
    procedure, _, name = path.removesuffix(".typ").partition("/letters/")
    release = bundled(procedure)
    letter, data = letters_of(release.files)[name], told(procedure)[name]
    rows = gather(letter, wording_of(release), data, "en")["rows"]
    assert rows
    assert [row for row in rows if CODES.search(" ".join(row)) or row[0][:1].islower()] == []


CODES = re.compile(r"[A-Z]{2,}_[A-Z_]+|[a-z]+_[a-z_]+|MEDIATOR|ROSTER|HOLD|PASS|NONE")
"""What only the product reads."""


def endless(told: Any, key: str = "") -> Any:
    """The same data with each text as long as the longest name and without a space; codes stay."""
    if isinstance(told, dict):
        return {name: endless(one, name) for name, one in told.items()}
    if isinstance(told, list):
        return [endless(one, key) for one in told]
    is_code = key in ("id", "side") or not isinstance(told, str) or re.fullmatch("[A-Z0-9_]+", told)
    return told if is_code else next(LONG)


LONG = cycle(["Wolfeschlegelsteinhausen" * 8 + "12345678", "买买提" * 66 + "江江", "—。" * 100])
"""Names and what people type, of two hundred characters."""


@pytest.mark.parametrize("path", LETTERS[::5])
def test_nothing_leaves_the_page_however_long_it_is(path: str) -> None:
    procedure, _, letter = path.removesuffix(".typ").partition("/letters/")
    data = told(procedure)[letter]
    long = endless(data) | {"document": {**endless(data["document"]), "at": AT}}
    made = setter().typeset(bundled(procedure), letter, long)
    assert (made.problems, strayed(made.pdf)) == ((), [])


def test_forty_parties_sign_on_pages_of_their_own() -> None:
    data = told("mediation")["agreement"]
    many = [{**data["parties"][0], "id": f"p{n}", "name": f"工人{n}"} for n in range(40)]
    made = setter().typeset(bundled("mediation"), "agreement", {**data, "parties": many})
    assert strayed(made.pdf) == []
    assert made.anchors[-1].page == len(PdfReader(BytesIO(made.pdf)).pages)
