"""Hostile expressions end with an error, soon, and always at the same count."""

import pytest

from engine.feel import FeelError, limits, parse, scope_of
from engine.texts import text


def doubled(first: str, step: str, last: str = "1") -> str:
    """A context whose every entry is made of the one before, sixty times."""
    entries = [f"a0: {first}"] + [f"a{i}: {step.replace('@', f'a{i - 1}')}" for i in range(1, 60)]
    return "{" + ", ".join(entries) + f", z: {last}}}"


HOSTILE = {
    "a million": "for a in 1..1000, b in 1..1000 return a * b",
    "for in for in for": "for a in 1..99 return for b in 1..99 return for c in 1..99 return a",
    "endless range": "for i in 1..999999999999 return i",
    "endless interval": "for i in [1..1000000000] return i",
    "some of billions": "some a in 1..99999, b in 1..99999 satisfies a + b < 0",
    "every of billions": "every a in 1..99999, b in 1..99999 satisfies a + b > 0",
    "exponent tower": "9**9**9**9**9",
    "huge product": "10**6000 * 10**6000",
    "huge exp": "exp(10**30)",
    "huge literal": "1e999999999",
    "slow powers": "for i in 1..9999 return 1.1**12345.678",
    "slow exps": "for i in 1..9999 return exp(14000 + i / 100000)",
    "huge repeat": 'replace("' + "a" * 99 + '", "a", "' + "b" * 11000 + '")',
    "deep brackets": "(" * 5000 + "1" + ")" * 5000,
    "unclosed brackets": "[" * 10000,
    "deep minus": "-" * 5000 + "1",
    "deep if": "if true then " * 900 + "1" + " else 2" * 900,
    "deep not": "not(" * 3000 + "true" + ")" * 3000,
    "deep contexts": "{a:" * 3000 + "1" + "}" * 3000,
    "text doubling": doubled('"xxxxxxxxxx"', "@ + @"),
    "list doubling": doubled("[1, 2]", "concatenate(@, @)"),
    "shared lists as text": doubled("[1, 2]", "[@, @]", "string(a59)"),
    "shared lists compared": doubled("[1, 2]", "[@, @]", "a59 = a58"),
    "shared lists flattened": doubled("[1, 2]", "[@, @]", "flatten(a59)"),
    "shared lists walked": doubled("[{q: 1}]", "[@, @]", "a59.q"),
    "shared lists returned": doubled("[1, 2]", "[@, @]"),
    "recursion": "{f: function(n) f(n + 1), r: f(1)}",
    "mutual recursion": "{f: function(n) g(n), g: function(n) f(n), r: f(1)}",
    "fibonacci": "{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(25)}",
    "self application": "(function(x) x(x))(function(x) x(x))",
    "partial doubling": 'for i in 1..99 return if i = 1 then "xxxx" else partial[-1] + partial[-1]',
    "partial kept": "for i in 1..9999 return partial",
    "regex bomb": 'for i in 1..9999 return matches("' + "a" * 9000 + '", "(a+)+$b")',
    "many pieces": 'for i in 1..9999 return split("' + "a" * 5000 + '", "a")',
    "many distinct": "distinct values(for i in 1..9999 return i)",
    "list search": "for i in 1..2000 return index of(for j in 1..2000 return j, i)",
    "long text": '"' + "a" * 30000 + '"',
}


@pytest.fixture(scope="module", autouse=True)
def _grammar_is_loaded():
    parse("1")


@pytest.mark.parametrize("written", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_expression_ends_with_an_error(written):
    with pytest.raises(FeelError) as caught:
        parse(written).evaluate({})
    for lang in ("zh", "en"):
        assert "{" not in text(caught.value.code, lang, caught.value.params)


@pytest.mark.parametrize("pattern", ["(a{999}){999}", "(((a{30}){30}){30}){30}", "(a", "(a)\\\\1"])
def test_a_pattern_that_is_too_much_is_null(pattern):
    assert parse(f'matches("a", "{pattern}")').evaluate({}) is None


def test_work_is_counted_not_timed():
    counts = []
    for _ in range(2):
        run = limits.Run()
        parse("for i in 1..100 return i * i").within(scope_of({}, run))
        counts.append(run.steps)
    assert counts[0] == counts[1] > 100


SHELLS = [
    ("1 in (", ")"), ("[", "]"), ("{a: ", "}"), ("for i in ", " return i"), ("if ", " then 1 else 1"),
    ("some i in ", " satisfies true"), ("[1][", "]"), ("abs(", ")"), ("(true and ", ")"),
    ("(function(x) ", ")(1)"), ("sort([1, 2], function(x, y) ", ")"), ("-", ""), ("[1..", "]"),
]  # fmt: skip


def called_from(depth, action):
    return action() if depth == 0 else called_from(depth - 1, action)


@pytest.mark.parametrize(("before", "after"), SHELLS)
def test_the_deepest_expression_fits_below_a_deep_caller(before, after):
    nested = before * 98 + "1" + after * 98
    endless = f"{{f: function(n) {before * 3}f(n){after * 3}, r: {before * 60}f(1){after * 60}}}"
    called_from(200, lambda: _tried(nested))
    with pytest.raises(FeelError):
        called_from(200, lambda: parse(endless).evaluate({}))


def _tried(written):
    try:
        expression = parse(written)
    except FeelError:
        return
    expression.evaluate({})
    assert not expression.names
    assert not expression.misused
