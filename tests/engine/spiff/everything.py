"""A case that uses every construct, played from end to end; run as a program it prints its digests."""

from __future__ import annotations

import hashlib
import sys

from tests.builders import (
    boundary,
    call,
    catch,
    clock,
    condition,
    declared,
    each,
    end,
    event,
    extend,
    handler,
    inc,
    message,
    on_clock,
    par,
    process,
    release,
    repeat,
    rule,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)
from tests.playing import Played

FLOWS = """
start -> number -> register -> fork
fork -> talks -> join
fork -> session -> join
fork -> rounds -> join
fork -> pay -> join
unsafe -> mend -> join
join -> some
some -> a if true
some -> b if amount > 1
a -> some_join
b -> some_join
some_join -> again
again -> register if amount > 100
again -> first
first -> paid -> judge
first -> tomorrow -> judge
judge -> dated -> counted -> call_all -> end
late -> chase -> chased
risky -> look -> looked
"""
DECISION = b"""<definitions id="t" name="t" namespace="t"
 xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">
<decision id="dt" name="dt"><variable name="dt"/><decisionTable id="table" hitPolicy="FIRST">
<input id="i"><inputExpression id="ie"><text>amount</text></inputExpression></input>
<output id="o" name="o"/>
<rule id="r1"><inputEntry id="e1"><text>&gt; 100</text></inputEntry>
<outputEntry id="x1"><text>"court"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="e2"><text>-</text></inputEntry>
<outputEntry id="x2"><text>"office"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
RULES = """
[accept]
zh = "答复"
en = "Answer"
unit = "days"
counting = "C6"
length = 3
starts = {zh = "收到", en = "receipt"}
""".encode()
SESSION = process("start -> meet -> end", user("meet"), id="session")


def drawn() -> bytes:
    return process(
        FLOWS,
        *PARALLEL,
        *AFTERWARDS,
        *HANDLERS,
        service("number", result="no"),
        user("register"),
        par("fork"),
        inc("join"),
        root=message("paid", key='"k" + string(amount)', sum="amount")
        + declared("signal", "all")
        + declared("error", "broke", "B")
        + declared("escalation", "risk", "R"),
    )


QUIET = {"isInterrupting": "false"}
NOTE = handler(
    "heard",
    "begin -> note -> end",
    start("begin", event("signal", "all"), **QUIET),
    script("note", "1", "noted"),
)
PARALLEL = (
    sub(
        "talks",
        "start -> talk -> up -> end",
        user("talk"),
        throw("up", event("escalation", "risk")),
        NOTE,
        inside=each("parties", "party", ("talk.outcome", "talked"), sequential=True),
    ),
    call("session", "session"),
    user(
        "rounds",
        extend(clock("accept", starts="enter")) + each("parties", "party", ("answer", "answers")),
    ),
    sub(
        "pay",
        "start -> charge -> bad",
        service("charge", series="amount"),
        end("bad", event("error", "broke")),
    ),
    boundary("unsafe", "pay", event("error", "broke")),
    user("mend"),
    boundary("late", "rounds", on_clock("accept"), False),
    user("chase"),
    end("chased"),
    boundary("risky", "talks", event("escalation", "risk"), False),
    user("look"),
    end("looked"),
)
AFTERWARDS = (
    inc("some"),
    script("a", "amount + 1", "plus.a"),
    script("b", "amount + 2", "plus.b"),
    inc("some_join"),
    xor("again", default="again__first"),
    '<eventBasedGateway id="first"/>',
    catch("paid", event("message", "paid"), ld_result="payment"),
    catch("tomorrow", timer("P1D")),
    rule("judge", "dt", "judged"),
    catch("dated", timer("2026-06-01", "timeDate")),
    script("counted", "n + 1", "n", repeat(maximum="3")),
    throw("call_all", event("signal", "all")),
    end("end", event("signal", "all")),
)
HANDLERS = (
    handler(
        "often",
        "tick -> count -> end",
        start("tick", timer("R4/P1D", "timeCycle"), **QUIET),
        script("count", "ticks + 1", "ticks"),
    ),
    handler(
        "leaving",
        "left -> close -> end",
        start("left", condition("withdrawn = true")),
        user("close"),
    ),
)


def begun() -> Played:
    files = {"dt.dmn": DECISION, "shared/rules.toml": RULES, "call/session/process.bpmn": SESSION}
    parties = [{"name": name} for name in "ABC"]
    return Played(release(drawn(), files)).start(parties=parties, n=0, ticks=0)


def play(withdrawn: bool = False) -> Played:
    case = begun().effect("A-1").do("register", amount=5)
    case.do("talk", "yes").send("signal", name="all").do("look").do("meet", "held")
    case.do("rounds", item=2, answer=1).wait(days=3).do("chase")
    if withdrawn:
        return case.send("correct", values={"/withdrawn": True}).do("close")
    case.do("rounds", item=0, answer=2).do("rounds", item=1, answer=3)
    case.do("talk", "no").do("talk", "yes").effect("paid").do("mend")
    case.hear("paid", "k5", sum=5).wait(days=200)
    for name in ("look", "look"):
        case.do(name)
    return case


def digests() -> list[str]:
    """One digest per step of both stories."""
    found = []
    for case in (play(), play(withdrawn=True)):
        other = Played(case.release, case.facts, case.case)
        for cause in case.inputs:
            other.now = cause.received_at
            other.send(cause.verb, cause.task, **cause.data)
            found.append(hashlib.sha256(other.last.state + repr(other.last).encode()).hexdigest())
    return found


if __name__ == "__main__":
    sys.stdout.write("\n".join(digests()))
