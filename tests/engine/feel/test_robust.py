"""Whatever is written, there is a value, null or a FeelError: never another exception."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import FeelError, parse, parse_unary
from engine.feel.functions import BUILTINS

WORDS = """1 "a" x ( ) [ ] { } .. < >= = in if then else for return some satisfies and or between
not( ? - * ** . , : function( null true @"P1D" date // /* */ " \\ ， 调解 external -> 0.5 1e5 item
partial"""
PIECES = [*WORDS.split(), "instance of", "list<", "two words", "\n"]
VALUES = """null|true|1|-1|0|1.5|"a"|""|"2020-01-01"|[]|[1,2]|["a"]|[null]|[[1]]|{}|{a:1}|@"2020-01-01"
|@"10:00:00"|@"10:00:00Z"|@"2020-01-01T10:00:00"|@"2020-01-01T10:00:00@Asia/Shanghai"|@"P1D"|@"P1Y"
|[1..2]|(<1)|function(x,y) true|abs|10**30|-10**6000|1e-6000|@"9999-12-31"|@"0001-01-01"
|@"P999999999D"|@"P99999999999Y"|"("|[@"10:00:00Z",@"10:00:00"]|"i\"""".replace("\n", "").split("|")
CALLED = sorted(name for name in BUILTINS if name not in ("and", "or"))
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", ">=", "in", "and", "or")
values = st.sampled_from(VALUES)


def survives(expression):
    try:
        expression.evaluate({"x": 1, "?": None})
    except FeelError:
        return
    assert expression.names is not None
    assert expression.misused is not None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["", " "]))
def test_any_text_is_read_or_refused(pieces, space):
    for read in (parse, parse_unary):
        try:
            expression = read(space.join(pieces), ("two words",))
        except FeelError:
            continue
        survives(expression)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(CALLED), st.lists(values, max_size=3))
def test_any_call_gives_a_value_or_null(name, arguments):
    survives(parse(f"{name}({', '.join(arguments)})"))


@settings(max_examples=500, deadline=None)
@given(values, st.sampled_from(OPERATORS), values)
def test_any_two_values_can_be_put_together(left, operator, right):
    survives(parse(f"({left}) {operator} ({right})"))
    survives(parse(f"({left})[{right}]"))
    survives(parse(f"for i in ({left})..({right}) return i"))
    survives(parse(f"[{left}..{right}]"))


@settings(deadline=None)
@given(values)
def test_any_value_is_a_text_and_has_properties(value):
    survives(parse(f"string({value})"))
    survives(parse(f"({value}).year"))
    survives(parse(f"-({value})"))
    survives(parse(f"({value}) instance of list<number>"))
