"""What a scenario tells of a task can be typed into its form by hand, and is then told the same way."""

from __future__ import annotations

from contextlib import suppress

import pytest

from engine.forms import starting
from engine.forms.raw import as_raw
from engine.scenario import find_scenarios, stand
from engine.scenario.filling import around
from engine.scenario.playing import Player
from engine.scenario.telling import complete
from engine.scenario.virtual import Stop
from tests.bpmn.test_scenarios import bundled, published


def typed(player, task, step):
    """The form of a task as a browser sends it when it was filled in as the step says."""
    form = player.sheets.form(step["task"])
    seen = around(form, player.seen(task))
    return as_raw(form, {**starting(form, seen, player.case.now), **step.get("data", {})})


def done(player: Player):
    """(open task, step) of each task that the story completes at once."""
    for number, step in enumerate(player.told):
        is_plain = "task" in step and "refused" not in step.get("expect", {})
        if is_plain and not {"at", "after", "item"} & step.keys():
            tasks = player.case.outcome.tasks
            yield next(one for one in tasks if one.place.element == step["task"]), step
        with suppress(Stop):  # a refusal that the story expects
            player.take(number)


@pytest.mark.parametrize("procedure", ["mediation", "detention_intake"])
def test_typing_what_a_story_tells_tells_the_same(procedure):
    for story in list(find_scenarios(bundled(procedure).files))[:12]:
        player = Player(bundled(procedure), published(), story)
        for task, step in done(player):
            told = complete(player, task, typed(player, task, step), step.get("outcome", ""))
            assert player.fill_task(task, told) == player.fill_task(task, step), story.name


def test_every_step_of_a_story_can_be_gone_back_to():
    story = next(find_scenarios(bundled("video_session").files))
    stands = [
        stand(bundled("video_session"), published(), story, n) for n in range(len(story.steps) + 1)
    ]
    assert [len(one.taken) for one in stands] == list(range(1, len(story.steps) + 2))
    assert stands[-1].player.case.outcome.ended
