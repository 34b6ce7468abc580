"""A count by hand: from exported cases alone (journal.jsonl, outcomes/*.json), with nothing of ours."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter, defaultdict
from datetime import datetime
from itertools import pairwise

CLOCK = ("started", "kept", "breached", "running", "paused", "extended")
ACTS = ("complete", "fire", "message", "signal")
OUTSIDE = ("PARTY_A", "PARTY_B", "THIRD", "AGENT")


class Exported:
    """One case out of its zip: (entry, payload, outcome) in order; the outcome of a note is None."""

    def __init__(self, content):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            lines = [json.loads(line) for line in packed.read("journal.jsonl").splitlines()]
            told = {name: packed.read(name) for name in packed.namelist()}
        self.steps = [
            (
                json.loads(line["body"]),
                json.loads(line["payload"])["data"],
                json.loads(told.get(f"outcomes/{number:05d}.json", b"null")),
            )
            for number, line in enumerate(lines)
        ]
        self.outcomes = [outcome for _, _, outcome in self.steps if outcome]
        self.id = self.steps[0][0]["stream"].removeprefix("case:")
        itself = self.steps[0][1]["values"]["/case"]
        self.procedure, self.org = itself["procedure"], itself["org"]

    @property
    def mediators(self):
        return {entry["actor"] for entry, _, _ in self.steps if entry["role"] == "MEDIATOR"}

    def lines(self):
        """(number of the entry, what, (scope, element, item), occurrence) of every trace line."""
        for number, (_, _, outcome) in enumerate(self.steps):
            for what, element, scope, item, occurrence, _ in (outcome or {}).get("trace", ()):
                yield number, what, (scope, element, item), occurrence

    def ran(self, number, release):
        """Whether an entry was played under a release; "" is any."""
        return release in ("", self.steps[number][0]["release"])

    def at(self, number):
        return datetime.fromisoformat(self.steps[number][0]["at"])


def three(seconds):
    """Rounded half up to three figures."""
    text = str(int(seconds))
    return (
        int(text[:3]) * 10 ** (len(text) - 3)
        + (10 ** (len(text) - 3) if len(text) > 3 and text[3] >= "5" else 0)
        if len(text) > 3
        else int(text)
    )


def path(scope, element):
    return f"{scope}/{element}".strip("/")


def visits(case):
    """(scope, element), numbers of the entries in which it was entered and left, how, taken up at."""
    lines = list(case.lines())
    items = {key[:2] for _, what, key, _ in lines if what == "entered" and key[2] is not None}
    last = case.outcomes[-1]
    waiting = {(t[2], t[1], t[3], t[4]) for t in (*last["tasks"], *last["effects"])}
    found = defaultdict(dict)
    for number, what, key, occurrence in lines:
        if what in ("entered", "done", "cancelled"):
            found[(*key, occurrence)].setdefault(what, number)
    for (scope, element, item, occurrence), told in found.items():
        if item is None and (scope, element) in items:
            continue
        how = "done" if "done" in told else "cancelled" if "cancelled" in told else "open"
        entered = told.get("entered", told.get(how))
        left = told.get(how)
        if how == "open" and (scope, element, item, occurrence) not in waiting:
            after = [
                n
                for n, what, key, _ in lines
                if (what, key) == ("done", (scope, element, item)) and n >= entered
            ]
            if last["ended"] or after:
                how = "cancelled" if last["ended"] and not after else "joined"
                left = after[0] if after else len(case.steps) - 1
        yield (scope, element), entered, left, how, taken(case, element, scope, item, occurrence)


def taken(case, element, scope, item, occurrence):
    """When whoever finished it had claimed it; None if nobody had."""
    since = None
    for number, (entry, _, _) in enumerate(case.steps):
        place = entry["place"]
        here = (entry["element"], place["scope"], place["item"], place["occurrence"])
        if here == (element, scope, item, occurrence):
            if entry["verb"] == "release":
                since = None
            elif entry["verb"] in ("claim", "delegate") and since is None:
                since = case.at(number)
    return since


def rank(lengths, percent):
    ordered = sorted(lengths)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else None


def steps(cases, release=""):
    counts, waited, worked = defaultdict(Counter), defaultdict(list), defaultdict(list)
    for case in cases:
        around = {key[0] for _, _, key, _ in case.lines()}
        for (scope, element), entered, left, how, since in visits(case):
            step = path(scope, element)
            if not case.ran(-1 if left is None else left, release):
                continue
            counts[step]["entered"] += 1
            counts[step][how] += 1
            if left is None or left == entered or step in around:
                continue
            waited[step].append(
                three(((since or case.at(left)) - case.at(entered)).total_seconds())
            )
            if since:
                worked[step].append(three((case.at(left) - since).total_seconds()))
    for name, again in loops(cases, release).items():
        counts[name]["again"] = again["times"]
    kinds = ("entered", "done", "cancelled", "joined", "open", "again")
    return {
        step: {
            **{kind: counts[step][kind] for kind in kinds},
            "waited_median": rank(waited[step], 50),
            "waited_p90": rank(waited[step], 90),
            "waited_total": sum(waited[step]) if waited[step] else None,
            "worked_median": rank(worked[step], 50),
            "worked_p90": rank(worked[step], 90),
        }
        for step in counts
    }


def tally(pairs):
    """(what, case) pairs as {what: {times, cases}}."""
    pairs = list(pairs)
    return {
        what: {
            "times": sum(1 for one, _ in pairs if one == what),
            "cases": len({case for one, case in pairs if one == what}),
        }
        for what in {one for one, _ in pairs}
    }


def flows(cases, release=""):
    lines = ((case, *line) for case in cases for line in case.lines())
    return tally((k[1], c.id) for c, n, what, k, _ in lines if what == "flow" and c.ran(n, release))


def loops(cases, release=""):
    def again(case):
        left = set()
        for number, what, key, _ in case.lines():
            if what == "entered" and key in left and case.ran(number, release):
                yield path(*key[:2]), case.id
            if what in ("done", "cancelled"):
                left.add(key)

    return tally(pair for case in cases for pair in again(case))


def variants(cases, release=""):
    def way(case):
        entries = (entry for entry, _, _ in case.steps if release in ("", entry["release"]))
        return " ".join(e["element"] for e in entries if e["verb"] in ACTS and e["element"])

    ran = (c for c in cases if any(c.ran(n, release) for n in range(len(c.steps))))
    return dict(Counter(map(way, ran)))


def rework(cases):
    noted = {"release": "given_back", "delegate": "handed_on", "held": "stopped"}
    notes = (
        ((noted[entry["verb"]], path(entry["place"]["scope"], entry["element"]), ""), case.id)
        for case in cases
        for entry, _, _ in case.steps
        if entry["verb"] in noted
    )
    corrections = (
        (("corrected", "", ""), case.id)
        for case in cases
        for entry, _, _ in case.steps
        if entry["verb"] == "correct"
    )
    return tally([*notes, *corrections, *(one for case in cases for one in returned(case))])


def returned(case):
    """Tasks open again although completed, and no part around them was entered anew meanwhile."""
    did, done, known = "", set(), set()
    for entry, _, outcome in case.steps:
        if entry["verb"] == "complete":
            did = entry["element"]
            done.add((path(entry["place"]["scope"], did), entry["place"]["item"]))
        for what, element, scope, *_ in (outcome or {}).get("trace", ()):
            inside = path(scope, element) + "/" if what == "entered" else "/"
            done = {one for one in done if not one[0].startswith(inside)}
        for name, element, scope, item, *_ in (outcome or {}).get("tasks", ()):
            if name not in known and (path(scope, element), item) in done:
                yield ("returned", path(scope, element), did), case.id
            known.add(name)


def clocks(cases):
    """Each clock is one that was seen: by rule, place and start, as it stood last."""
    found = defaultdict(Counter)
    for case in cases:
        over = {
            (data["rule"], entry["element"], data["due"]["$dt"])
            for entry, data, _ in case.steps
            if entry["verb"] == "clock_breached"
        }
        last, gave_way = {}, {}
        for entry, _, outcome in case.steps:
            now = {json.dumps(one[:6]): one for one in (outcome or {}).get("clocks", ())}
            for key in last.keys() - now.keys() if outcome else ():
                gave_way.setdefault(key, {"$dt": entry["at"]})
            last |= now
        for key, one in last.items():
            rule, element, due = one[0], one[1], one[6]["$dt"]
            pauses, extended, ended = one[7], one[8], one[9] or gave_way.get(key)
            how = "running" if (rule, element, due) not in over else "breached"
            if ended:
                how = "kept" if ended["$dt"] <= due else "breached"
            found[rule].update(["started", how])
            found[rule].update(["paused"] * bool(pauses) + ["extended"] * bool(extended))
    return found


def handovers(cases, office):
    """``office``: organisation by case id."""

    def acts(case):
        tasks = {}
        for entry, data, outcome in case.steps:
            sender = str(data.get("id") or "").partition(":")
            if entry["verb"] in ("start", "message") and sender[1]:
                yield office.get(sender[0], "")
            elif entry["verb"] == "start" and entry["actor"] != "system":
                yield case.org
            elif entry["verb"] == "complete":
                outside = entry["role"] in OUTSIDE
                yield "parties" if outside else tasks[entry["place"]["task"]]
            if outcome:
                tasks |= {task[0]: task[6] for task in outcome["tasks"]}

    found = Counter()
    for case in cases:
        known = [one for one in acts(case) if one]
        found.update(pair for pair in pairwise(known) if pair[0] != pair[1])
    return found
