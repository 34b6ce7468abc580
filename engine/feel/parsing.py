"""Text to nodes: the lark grammar with its callbacks, and what is said when a text does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path as File
from typing import Any, cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedToken, VisitError
from lark.lexer import Lexer

from engine.feel import nodes
from engine.feel.errors import FeelError, refuse
from engine.feel.lexing import SYMBOLS, Scanner
from engine.feel.limits import NESTING
from engine.feel.nodes import Node
from engine.feel.numbers import number
from engine.feel.temporal import read_literal

GRAMMAR = File(__file__).with_name("grammar.lark")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_WORDS = {name: symbol for symbol, name in SYMBOLS.items()} | {
    "INSTANCE": "instance of", "RANGE_END": "[", "RANGE_START": "]", "$END": "",
}  # fmt: skip
_VALUE = frozenset({"NUMBER", "STRING", "LPAR"})


class _Given(Lexer):
    """Hands the tokens through: they were cut by the scanner, which knows the names in scope."""

    def __init__(self, conf: object) -> None:
        self.conf = conf

    def lex(self, data: Iterable[Token]) -> Iterator[Token]:  # type: ignore[override]
        yield from data


class _Refused(Exception):
    """A rule was met, but not its meaning: what FeelError will say once the text is at hand."""

    def __init__(self, code: str, index: int, expected: str = "") -> None:
        super().__init__(code)
        self.code, self.index, self.expected = code, index, expected


def unescape(text: str) -> str:
    """The characters that a FEEL string literal (without its quotes) stands for."""
    plain = _ESCAPE.sub(_escaped, text)
    try:
        return plain.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return plain


def _escaped(match: re.Match[str]) -> str:
    if match[3]:
        return _ESCAPES.get(match[3], match[0])
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def _one(node: Any) -> Node:
    """A node that stands for one value."""
    if isinstance(node, nodes.Several):
        raise _Refused("feel_several", node.position)
    if node.depth > NESTING:
        raise _Refused("feel_too_deep", 0, str(NESTING))
    return cast(Node, node)


def _chain(first: Node, *rest: Any) -> Node:
    pairs = tuple((str(rest[i]), _one(rest[i + 1])) for i in range(0, len(rest), 2))
    return nodes.Arithmetic(_one(first), pairs)


def _tests(node: Any) -> tuple[Node, ...]:
    return node.items if isinstance(node, nodes.Several) else (_one(node),)


@v_args(inline=True)
class _Build(Transformer[Token, Any]):
    """One callback for each rule of the grammar."""

    sum = product = power = staticmethod(_chain)

    def expression_start(self, node: Any) -> Node:
        return _one(node)

    def any_test(self) -> Node:
        return nodes.Tests(())

    def unary_tests(self, *items: Any) -> Node:
        first = items[0]
        if (
            len(items) == 1
            and isinstance(first, nodes.Call)
            and first.function == nodes.Name("not")
        ):
            return nodes.Tests(first.arguments, negated=True)
        return nodes.Tests(tuple(_one(item) for item in items))

    def disjunction(self, *items: Any) -> Node:
        return nodes.Logic("or", tuple(map(_one, items)))

    def conjunction(self, *items: Any) -> Node:
        return nodes.Logic("and", tuple(map(_one, items)))

    def comparator(self, token: Token) -> str:
        return str(token)

    def compare(self, left: Any, operator: str, right: Any) -> Node:
        return nodes.Compare(operator, _one(left), _one(right))

    def between(self, value: Any, low: Any, high: Any) -> Node:
        return nodes.Between(_one(value), _one(low), _one(high))

    def in_(self, value: Any, test: Any) -> Node:
        return nodes.In(_one(value), _tests(test))

    def bound(self, operator: str, value: Any) -> Node:
        return nodes.Bound(operator, _one(value))

    def instance_of(self, value: Any, kind: nodes.Type) -> Node:
        return nodes.InstanceOf(_one(value), kind)

    def negate(self, value: Any) -> Node:
        return nodes.Negate(_one(value))

    def if_(self, condition: Any, then: Any, otherwise: Any) -> Node:
        return nodes.If(_one(condition), _one(then), _one(otherwise))

    def iteration(self, name: Token, source: Any, last: Any = None) -> nodes.Iteration:
        return nodes.Iteration(str(name), _one(source), _one(last) if last is not None else None)

    def for_(self, *parts: Any) -> Node:
        return nodes.For(parts[:-1], _one(parts[-1]))

    def some(self, *parts: Any) -> Node:
        return nodes.Quantified("some", parts[:-1], _one(parts[-1]))

    def every(self, *parts: Any) -> Node:
        return nodes.Quantified("every", parts[:-1], _one(parts[-1]))

    def parameter(self, name: Token, kind: nodes.Type | None = None) -> Any:
        return str(name), kind

    def function(self, *parts: Any) -> Node:
        return nodes.FunctionNode(tuple(p for p in parts[:-1] if p), _one(parts[-1]))

    def external(self, *parts: Any) -> Node:
        return nodes.FunctionNode(tuple(p for p in parts[:-1] if p), parts[-1], external=True)

    def path(self, base: Any, name: Token) -> Node:
        return nodes.Path(_one(base), str(name))

    def filter(self, base: Any, condition: Any) -> Node:
        return nodes.Filter(_one(base), _one(condition))

    def named(self, name: Token, value: Any) -> Any:
        return str(name), _one(value)

    def unnamed(self, value: Any) -> Any:
        return "", _one(value)

    def call(self, function: Any, opening: Token, *arguments: Any) -> Node:
        given = [argument for argument in arguments if argument]
        names = tuple(name for name, _ in given if name)
        if names and (len(names) != len(given) or len(set(names)) != len(names)):
            raise _Refused("feel_mixed_arguments", opening.start_pos or 0)
        return nodes.Call(_one(function), tuple(value for _, value in given), names)

    def name(self, token: Token) -> Node:
        return nodes.Name(str(token))

    def number(self, token: Token) -> Node:
        return nodes.Literal(number(Decimal(token)))

    def string(self, token: Token) -> Node:
        return nodes.Literal(unescape(token[1:-1]))

    def at(self, token: Token) -> Node:
        value = read_literal(token[token.index('"') + 1 : -1])
        if value is None:
            raise _Refused("feel_at_literal", token.start_pos or 0)
        return nodes.Literal(value)

    def null(self) -> Node:
        return nodes.Literal(None)

    def true(self) -> Node:
        return nodes.Literal(True)

    def false(self) -> Node:
        return nodes.Literal(False)

    def paren(self, opening: Token, *items: Any) -> Node:
        if len(items) == 1:
            return cast(Node, items[0])
        return nodes.Several(tuple(map(_one, items)), opening.start_pos or 0)

    def list(self, *items: Any) -> Node:
        return nodes.ListNode(tuple(_one(item) for item in items if item is not None))

    def open_end(self, *_: Token) -> bool:
        return False

    def closed_end(self) -> bool:
        return True

    def open_range(self, *parts: Any) -> Node:
        low, high, closed = parts[-3:]
        return nodes.RangeNode(_one(low), _one(high), False, closed)

    def closed_range(self, low: Any, high: Any, closed: bool) -> Node:
        return nodes.RangeNode(_one(low), _one(high), True, closed)

    def entry(self, key: Token, value: Any) -> Any:
        return (unescape(key[1:-1]) if key.type == "STRING" else str(key)), _one(value)

    def context(self, *entries: Any) -> Node:
        return nodes.ContextNode(tuple(entry for entry in entries if entry))

    def type(self, *words: Token) -> nodes.Type:
        return nodes.Type(".".join(words))

    def generic(self, name: Token, *arguments: nodes.Type) -> nodes.Type:
        return nodes.Type(str(name), arguments)

    def field(self, name: Token, kind: nodes.Type) -> Any:
        return str(name), kind

    def fields(self, name: Token, *pairs: Any) -> nodes.Type:
        return nodes.Type(str(name), fields=pairs)

    def any_function(self) -> nodes.Type:
        return nodes.Type("function")

    def function_type(self, *types: nodes.Type) -> nodes.Type:
        return nodes.Type("function", tuple(t for t in types[:-1] if t), result=types[-1])


@cache
def _parser() -> Lark:
    return Lark(
        GRAMMAR.read_text("utf-8"),
        parser="lalr",
        lexer=_Given,
        start=["expression_start", "unary_start"],
        transformer=_Build(),
        maybe_placeholders=True,
    )


def read(text: str, names: Iterable[str], start: str) -> Node:
    """Parse ``text``; ``start`` is expression_start or unary_start. FeelError if it does not fit."""
    try:
        tokens = cast(str, Scanner(text, names).tokens())  # what _Given hands on
        node = cast(Node, _parser().parse(tokens, start=start))
    except UnexpectedToken as error:
        raise _unexpected(error, text) from error
    except (VisitError, _Refused) as error:
        refused = error.orig_exc if isinstance(error, VisitError) else error
        if not isinstance(refused, _Refused):
            raise
        raise refuse(refused.code, text, refused.index, "", refused.expected) from error
    if node.depth > NESTING:
        raise refuse("feel_too_deep", text, 0, expected=str(NESTING))
    return node


def _unexpected(error: UnexpectedToken, text: str) -> FeelError:
    token, accepted = error.token, set(error.accepts or error.expected)
    ended = token.type == "$END"
    index = len(text) if ended else token.start_pos or 0
    found = "" if ended else text[index : token.end_pos]
    if accepted >= _VALUE:
        return refuse(
            "feel_value_missing_end" if ended else "feel_value_missing", text, index, found
        )
    if not ended and "$END" in accepted:
        return refuse("feel_unexpected", text, index, found)
    words = sorted(_WORDS.get(name, name.lower()) for name in accepted)
    expected = "  ".join(word for word in words if word)
    return refuse("feel_unfinished" if ended else "feel_syntax", text, index, found, expected)
