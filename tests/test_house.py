"""The house rules that no linter keeps: budgets, words, texts, one commit."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

from engine import errors
from engine.texts import catalogue

ROOT = Path(__file__).parent.parent
PACKAGES = ("engine", "storage", "webui")
SOURCES = sorted(
    p for name in PACKAGES for p in (ROOT / name).rglob("*.py") if "node_modules" not in p.parts
)
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
AROUND = sorted(p for name in ("tests", "bench") for p in (ROOT / name).rglob("*.py"))
BANNED = {"utils", "helpers", "common", "misc", "base", "manager", "service"}
FAMILIES = {"NotFound", "NotAllowed", "Conflict", "Invalid", "Failed", "EngineError", "FeelError"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_module_says_what_belongs_in_it_and_stays_small(path):
    if not path.read_text("utf-8").strip():
        return
    lines, said = path.read_text("utf-8").count("\n"), ast.get_docstring(tree(path))
    assert said, "no docstring"
    assert lines <= 300 or (lines <= 400 and len(said.splitlines()) > 1), f"{lines} lines"
    assert path.stem not in BANNED


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_functions_stay_small_and_never_evaluate_text(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 40, f"{node.name} is too long"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec"), f"line {node.lineno}"


@pytest.mark.parametrize("path", AROUND, ids=named)
def test_tests_and_benchmarks_stay_small_too(path):
    text = path.read_text("utf-8")
    assert not text.strip() or ast.get_docstring(tree(path)), "no docstring"
    assert text.count("\n") <= 300
    assert path.stem not in BANNED


def test_only_storage_commits():
    sites = [named(p) for p in SOURCES if ".commit(" in p.read_text("utf-8")]
    assert sites == ["storage/sql/__init__.py"]


def test_every_code_has_words_in_both_languages():
    for code, words in catalogue().items():
        assert words.get("zh"), code
        assert words.get("en"), code
        assert not words["en"].endswith(("。", "！")), code


def raised_codes():
    """(file, code) of every refusal raised with a literal code."""
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if not (
                isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
            ):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in FAMILIES and isinstance(node.args[0].value, str):
                yield named(path), node.args[0].value


def test_every_refusal_can_be_said():
    assert [(path, code) for path, code in raised_codes() if code not in catalogue()] == []


def test_every_family_has_words():
    families = [cls for cls in vars(errors).values() if isinstance(cls, type)]
    assert {cls().code for cls in families if issubclass(cls, errors.EngineError)} <= set(
        catalogue()
    )


@pytest.mark.parametrize(
    "folder", sorted(p.parent for p in (ROOT / "bpmn").glob("*/process.bpmn")), ids=named
)
def test_a_procedure_folder_is_complete(folder):
    for name in ("README.md", "process.bpmn", "forms", "scenarios"):
        assert (folder / name).exists(), name


def test_tests_tell_short_stories():
    lengths = [
        node.end_lineno - node.lineno + 1
        for path in TESTS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert statistics.median(lengths) < 12
