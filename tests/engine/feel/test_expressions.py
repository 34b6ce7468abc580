"""What expressions mean: a table of expression and value, both written in FEEL."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.feel import parse

NOW = datetime(2026, 2, 28, 16, 30, tzinfo=UTC)  # 1 March 00:30 in China
DATA = {
    "a": Decimal(2),
    "s": "调解",
    "dispute": {"amount": Decimal("1200.50"), "type": "NEIGHBOUR"},
    "当事人": [{"姓名": "甲", "年龄": Decimal(70)}, {"姓名": "乙", "年龄": Decimal(17)}],
    "Monthly Income": Decimal(5000),
}
NAMES = ("Monthly Income",)

TABLE = r"""
# arithmetic
1 + 2 * 3                                          | 7
-3 ** 2                                            | 9
2 ** 3 ** 2                                        | 64
10 - 4 - 3                                         | 3
1 / 3                                              | 0.3333333333333333333333333333333333
1 / 0                                              | null
0.1 + 0.2 = 0.3                                    | true
"调" + "解"                                         | "调解"
1 + "a"                                            | null
.5 + 1e2                                           | 100.5
# logic with null
true and null                                      | null
false and null                                     | false
true or null                                       | true
false or 1                                         | null
not(null)                                          | null
# comparison
null = null                                        | true
1 = null                                           | false
1 = "1"                                            | null
1 < "a"                                            | null
[1, {b: 2}] = [1, {b: 2}]                          | true
{a: 1, b: 2} = {b: 2, a: 1}                        | true
"乙" != "甲"                                        | true
@"2026-01-01" < @"2026-01-02"                      | true
@"2026-01-01T08:00:00+08:00" = @"2026-01-01T00:00:00Z" | true
# ranges, in, between
5 between 1 and 5 and true                         | true
5 in [1..5)                                        | false
5 in ]5..6]                                        | false
5 in [1..5[                                        | false
[1..3[                                             | [1..3)
[ ]1..3[ , ]4..5] ]                                | [(1..3), (4..5]]
(1..3[ = (1..3)                                    | true
[1, 2][a] + [3][1]                                 | 5
2 in [1..[3][1]]                                   | true
[][1] = null and [] = []                           | true
[1, a /* note: twice */ * 2]                       | [1, 4]
5 in (< 3, > 4)                                    | true
5 in <= 5                                          | true
"b" in ["a".."c"]                                  | true
2 in [1, 2, 3]                                     | true
a in (1, [2..3])                                   | true
null in [1..2]                                     | null
(< 10).end                                         | 10
[1..2].start included                              | true
# if, for, some, every
if a > 1 then "x" else "y"                         | "x"
if null then 1 else 2                              | 2
for i in 1..3 return i * i                         | [1, 4, 9]
for i in 3..1 return i                             | [3, 2, 1]
for x in [1, 2], y in [x, 10] return x * y         | [1, 10, 4, 20]
for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2] | [1, 1, 2, 3, 5]
for d in @"2026-02-28"..@"2026-03-01" return d     | [@"2026-02-28", @"2026-03-01"]
some p in 当事人 satisfies p.年龄 < 18                | true
every p in 当事人 satisfies p.年龄 < 18               | false
some x in [] satisfies x                           | false
1 + if true then 1 else 2 + 3                      | 2
# lists, filters, paths
[1, 2, 3][2]                                       | 2
[1, 2, 3][-1]                                      | 3
[1, 2, 3][4]                                       | null
[1, 2, 3][item > 1]                                | [2, 3]
当事人[年龄 >= 18].姓名                                | ["甲"]
当事人.姓名                                          | ["甲", "乙"]
dispute.amount > 1000 and dispute.type = "NEIGHBOUR" | true
nobody.knows.this                                  | null
5[1]                                               | 5
[][1]                                              | null
# contexts and functions
{a: 1, b: a + 1}.b                                 | 2
{first name: "甲", both: first name + "乙"}.both     | "甲乙"
{"full text": 1}["full text" = 1]                  | []
{"full text": 1}.full text                         | 1
["a + a", a + a]                                   | ["a + a", 4]
{a: 1, a: 2}                                       | null
(function(x, y) x - y)(y: 1, x: 3)                 | 2
{twice: function(n: number) n * 2, r: twice("x")}.r | null
{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(10)}.r | 3628800
Monthly Income * 2                                 | 10000
Monthly  Income - 1                                | 4999
/* block */ 1 // to the end                        | 1
[1, a /* note: twice */ * 2]                       | [1, 4]
# instance of
1 instance of number                               | true
[1, "a"] instance of list<number>                  | false
{a: 1} instance of context<a: number>              | true
null instance of Any                               | false
@"P1D" instance of days and time duration          | true
abs instance of function                           | true
[1..2] instance of range<number>                   | true
# texts
string length("𠮷野家")                              | 3
substring("调解协议", 3)                             | "协议"
substring("abc", -2, 1)                            | "b"
upper case("abc") + lower case("ABC")              | "ABCabc"
substring before("a-b", "-")                       | "a"
substring after("a-b", "-")                        | "b"
replace("2026-03-01", "(\d+)-(\d+)-(\d+)", "$3.$2.$1") | "01.03.2026"
replace("abc", "B", "x", "i")                      | "axc"
matches("渝0101", "^渝[0-9]{4}$")                    | true
matches("ab", "a b", "x") and matches("a b", "a[ ]b", "x") | true
matches("人民 调解", "^\w+\s\w+$")                | true
matches("ab\nc", "b.c")                            | false
matches("ab\nc", "b.c", "s")                       | true
matches("a", "\bA")                               | null
matches("a", "a", "z")                             | null
matches("a.b", "a.b", "q")                         | true
split("a;b;;c", ";")                               | ["a", "b", "", "c"]
contains("人民调解", "调解")                            | true
starts with("abc", "ab") and ends with("abc", "bc") | true
string join(["a", null, "b"], "、")                 | "a、b"
string join(["a", "b"], "-", "<", ">")             | "<a-b>"
"\u8c03\n" + "\"x\""                           | "调\n\"x\""
# numbers
decimal(1/3, 2)                                    | 0.33
decimal(2.5, 0)                                    | 2
floor(-1.5) + ceiling(1.2)                         | 0
round up(5.5, 0) + round down(-5.5, 0)             | 1
round half up(-1.5, 0)                             | -2
round half down(1.5, 0)                            | 1
modulo(-12, 5)                                     | 3
abs(@"-P1D")                                       | @"P1D"
odd(3) and even(4)                                 | true
sqrt(16) + log(1) + exp(0)                         | 5
# lists
sum([1, 2.5]) + count([1, 2]) + min(3, 1) + max([3, 1]) | 9.5
mean([1, 2, 6])                                    | 3
median(8, 2, 5, 3)                                 | 4
stddev([2, 4, 7, 5])                               | 2.081665999466132735282297706979931
mode([6, 1, 9, 6, 1])                              | [1, 6]
product([2, 3, 4])                                 | 24
sum([])                                            | null
all([true, null])                                  | null
any([true, null])                                  | true
sublist([4, 5, 6], 2)                              | [5, 6]
append([1], 2, 3)                                  | [1, 2, 3]
concatenate([1], [2], [3])                         | [1, 2, 3]
insert before([1, 3], 2, 2)                        | [1, 2, 3]
remove([1, 2, 3], -1)                              | [1, 2]
reverse([1, 2])                                    | [2, 1]
index of([1, 2, 1], 1)                             | [1, 3]
union([1, 2], [2, 3])                              | [1, 2, 3]
distinct values([1, 2, 1])                         | [1, 2]
duplicate values([1, 2, 1])                        | [1]
flatten([[1, [2]], 3])                             | [1, 2, 3]
sort([3, 1, 2], function(x, y) x > y)              | [3, 2, 1]
sort([3, 1, 2])                                    | [1, 2, 3]
list contains([1, null], null)                     | true
list replace([1, 2], 1, 9)                         | [9, 2]
list replace([1, 2], function(item, new) item > 1, 0) | [1, 0]
# contexts
get value({a: {b: 1}}, ["a", "b"])                 | 1
get entries({a: 1})[1].key                         | "a"
context put({a: {b: 1}}, ["a", "b"], 2)            | {a: {b: 2}}
context merge([{a: 1}, {a: 2, b: 3}])              | {a: 2, b: 3}
context([{key: "a", value: 1}])                    | {a: 1}
# conversion
number("1 200,50", " ", ",")                       | 1200.50
number("12x")                                      | null
string(1.50) + string(true) + string([1, "a"])     | "1.50true[1, \"a\"]"
string(@"P1DT2H")                                  | "P1DT2H"
date("2026-02-30")                                 | null
date(2026, 3, 1)                                   | @"2026-03-01"
date and time(@"2026-03-01", @"09:00:00")          | @"2026-03-01T09:00:00"
time(9, 30, 0, @"PT8H")                            | @"09:30:00+08:00"
duration("P1Y2M")                                  | @"P1Y2M"
years and months duration(@"2025-12-31", @"2026-03-01") | @"P2M"
range("[1..3]")                                    | [1..3]
# dates
@"2026-01-31" + @"P1M"                             | @"2026-02-28"
@"2026-03-01" - @"2026-02-01"                      | @"P28D"
@"2026-03-01T23:59:59+08:00" + @"PT1S"             | @"2026-03-02T00:00:00+08:00"
@"10:00:00" - @"PT11H"                             | @"23:00:00"
@"P1D" * 2 + @"P1D" / 2                            | @"P2DT12H"
@"P1Y" / @"P1M"                                    | 12
@"2026-03-01".weekday                              | 7
@"2026-03-01T10:20:30@Asia/Shanghai".timezone      | "Asia/Shanghai"
@"2026-03-01T10:20:30+08:00".time offset           | @"PT8H"
@"P1DT2H".hours + @"P2Y3M".months                  | 5
day of week(@"2026-03-01")                         | "Sunday"
day of year(@"2026-03-01")                         | 60
week of year(@"2026-03-01")                        | 9
month of year(@"2026-03-01")                       | "March"
today()                                            | @"2026-03-01"
now()                                              | @"2026-03-01T00:30:00+08:00"
# ranges with each other
before(1, [2..3]) and after([4..5], 3)             | true
meets([1..2], [2..3]) and met by([2..3], [1..2])   | true
overlaps([1..3], [2..5])                           | true
overlaps before([1..3], [2..5])                    | true
during(2, [1..3]) and includes([1..3], 2)          | true
starts(1, [1..3]) and finishes(3, [1..3])          | true
coincides([1..2], [1..2])                          | true
is(@"10:00:00Z", @"10:00:00+00:00")                | true
"""
CASES = [
    tuple(part.strip() for part in line.rsplit("|", 1))
    for line in TABLE.strip().splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("expression", "expected"), CASES)
def test_an_expression_has_its_value(expression, expected):
    found = parse(expression, NAMES).evaluate(DATA, NOW)
    wanted = parse(expected).evaluate({})
    assert found == wanted
    assert type(found) is type(wanted)


def test_without_a_time_there_is_no_now():
    assert parse("now()").evaluate({}) is None


def test_the_data_is_never_changed():
    data = {"list": [Decimal(1)], "context": {"a": Decimal(1)}}
    parse('[append(list, 2), context put(context, "b", 1), sort(list)]').evaluate(data)
    assert data == {"list": [Decimal(1)], "context": {"a": Decimal(1)}}


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("dispute.amount > settings.small_claim", {"dispute.amount", "settings.small_claim"}),
        ("for p in parties return p.name + suffix", {"parties", "suffix"}),
        ("some p in parties satisfies p.age < limit", {"parties", "limit"}),
        ('parties[side = "A"].name', {"parties"}),
        ("{a: b, c: a}", {"b"}),
        ("(function(x) x + y)(z)", {"y", "z"}),
        ("sum(amounts) + count([])", {"amounts"}),
        ("协议.生效日期 <= today()", {"协议.生效日期"}),
    ],
)
def test_the_names_it_reads_are_known(expression, names):
    assert parse(expression).names == names


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("substring(a) + string length(a)", {"substring"}),
        ("date(year: 2026, months: 3)", {"date"}),
        ("[1, abs()][item > max()]", {"abs", "max"}),
        ("max(1, 2, 3) + sum([1])", set()),
    ],
)
def test_calls_that_cannot_work_are_known(expression, names):
    assert parse(expression).misused == names
