"""The designer draws: a draft opened, named, given a role, saved; nothing lost, nothing changed unasked."""

from __future__ import annotations

import pytest
from lxml import etree

from engine.diagram import read_diagram

DEFAULTS = {("isSequential", "false"), ("cancelActivity", "true")}
"""What BPMN says anyway and the modeller leaves out."""
SELECT = """(area, words) => {
  area.focus();
  area.setSelectionRange(area.value.indexOf(words), area.value.indexOf(words) + words.length);
}"""


def pick(one, element):
    one.page.evaluate(
        "id => { const m = designer.modeler; m.get('selection').select(m.get('elementRegistry').get(id)) }",
        element,
    )


def saved(one):
    """The file as the server keeps it, once everything typed has reached it."""
    one.page.wait_for_function("() => !designer.saving.firstAt && !designer.saving.busy")
    address = one.page.get_attribute("#canvas", "data-file")
    return one.page.request.get(one.site + address).body()


def meaning(xml, without=()):
    """A file's elements and attributes, apart from white space, defaults and the order of shapes."""
    return _meaning(etree.fromstring(xml), frozenset(without))


def _meaning(element, without):
    held = {(key, _number(value)) for key, value in element.attrib.items()}
    inner = [_meaning(one, without) for one in element if isinstance(one.tag, str)]
    kept = [one for one in inner if one is not None]
    if held & {("bpmnElement", name) for name in without}:
        return None
    inside = sorted(kept, key=str) if element.tag.endswith("BPMNPlane") else kept
    return element.tag, sorted(held - DEFAULTS, key=str), (element.text or "").strip(), inside


def _number(value):
    try:
        return float(value)
    except ValueError:
        return value


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_task_is_renamed_given_a_role_and_its_finding_goes(bench, lang):
    one = bench(lang)
    pick(one, "book_room")
    one.page.fill(f"[data-field=label_{lang}]", "")
    one.page.fill("[data-field='ld:role']", "NOBODY")
    one.page.press("[data-field='ld:role']", "Tab")
    one.page.wait_for_selector("#findings [data-element=book_room]")
    one.page.locator("[data-container-id=book_room] .finding.error").press("Enter")
    one.page.wait_for_selector("#canvas .unfolded .hint")
    one.page.fill(f"[data-field=label_{lang}]", "订房间" if lang == "zh" else "Book it")
    one.page.fill("[data-field='ld:role']", "MED_ORG")
    one.page.press("[data-field='ld:role']", "Tab")
    one.page.wait_for_selector("#findings [data-element=book_room]", state="detached")
    task = read_diagram(saved(one)).nodes["book_room"]
    assert (task.role, task.name[lang]) == ("MED_ORG", "订房间" if lang == "zh" else "Book it")
    assert not one.page.evaluate("[...designer.missing]")
    assert not one.complaints()


def test_what_is_typed_on_the_canvas_is_saved_while_it_is_typed(bench):
    one = bench()
    one.page.evaluate(
        "() => { const m = designer.modeler;"
        "m.get('directEditing').activate(m.get('elementRegistry').get('book_room')) }"
    )
    one.page.keyboard.press("Control+A")
    one.page.keyboard.type("half a na")
    one.page.wait_for_function(
        "async () => (await (await fetch(document.getElementById('canvas').dataset.file)).text())"
        ".includes('half a na')"
    )
    assert read_diagram(saved(one)).nodes["book_room"].name["zh"] == "half a na"
    assert one.page.evaluate("designer.modeler.get('directEditing').isActive()")


def test_typing_survives_a_lost_connection(bench):
    one = bench()
    pick(one, "book_room")
    one.context.set_offline(True)
    one.page.fill("[data-field=purpose_en]", "Typed in a tunnel")
    one.page.wait_for_selector("#canvas .state.late")
    one.context.set_offline(False)
    one.page.wait_for_selector("#canvas .state.fine")
    assert b"Typed in a tunnel" in saved(one)


@pytest.mark.parametrize(("choice", "kept"), [(0, "theirs 0"), (1, "mine 1")])
def test_two_windows_are_told_and_choose(bench, choice, kept):
    one, other = bench(), bench()
    for window, words in ((one, f"theirs {choice}"), (other, f"mine {choice}")):
        pick(window, "book_room")
        window.page.fill("[data-field=label_en]", words)
        window.page.press("[data-field=label_en]", "Tab")
        if window is one:
            saved(one)
    other.page.wait_for_selector("#canvas .note button")
    other.page.locator("#canvas .note button").nth(choice).click()
    other.page.wait_for_selector("#canvas .note", state="hidden")
    assert read_diagram(saved(other)).nodes["book_room"].name["en"] == kept


def test_a_condition_is_reached_judged_and_completed_by_keyboard(bench):
    one = bench("en")
    pick(one, "others_agree")
    one.page.press(".way button >> nth=0", "Enter")
    one.page.wait_for_selector(".panel:focus >> text=Sequence flow")
    when = "[data-field=condition]"
    one.page.fill(when, "if referral.org")
    one.page.wait_for_selector(f"{when}[aria-invalid=true]")
    assert "line 1" in one.page.inner_text(".panel .wrong:not(:empty)")
    one.page.fill(when, "")
    one.page.type(when, "book_room.out")
    one.page.press(when, "ArrowDown")
    one.page.press(when, "Enter")
    assert one.page.input_value(when) == "book_room.outcome"


def test_laying_out_anew_is_one_step_back(bench):
    one = bench()
    one.page.click("#canvas .tools button:nth-child(4)")
    one.page.wait_for_selector("#canvas .tools button:first-child:not([disabled])")
    laid = saved(one)
    one.page.click("#canvas .tools button:first-child")
    one.page.wait_for_selector("#canvas .tools button:first-child[disabled]")
    assert meaning(saved(one)) != meaning(laid)


def test_a_save_is_taken_back_by_keyboard_after_the_page_was_left(bench):
    one = bench("en")
    before = saved(one)
    pick(one, "book_room")
    one.page.fill("[data-field=purpose_en]", "Not to be kept")
    assert b"Not to be kept" in saved(one)
    one.page.reload()
    one.page.wait_for_selector("#canvas[data-opened]", state="attached")
    with one.page.expect_navigation():
        one.page.keyboard.press("Control+z")
    one.page.wait_for_selector("#canvas[data-opened]", state="attached")
    assert (saved(one), "process.bpmn" in one.page.inner_text(".note")) == (before, True)


def drawn_by_keyboard(one, what, label):
    one.page.focus(f"[data-field=draw_{what}]")
    one.page.select_option(f"[data-field=draw_{what}]", label=label)
    one.page.press(f".act:has([data-field=draw_{what}]) button", "Enter")


def test_steps_events_repetition_and_effects_in_law_are_given_by_keyboard(bench):
    one = bench("en")
    before = read_diagram(saved(one)).nodes
    pick(one, "book_room")
    drawn_by_keyboard(one, "append", "End event")
    one.page.press("text=Add an effect", "Enter")
    one.page.fill("[data-field=effect-0-zh]", "有约束力")
    one.page.fill("[data-field=effect-0-en]", "It binds")
    one.page.type("[data-field=effect-0-ref]", "S3-28 S3-3")
    one.page.press("[data-field=effect-0-ref]", "ArrowDown")
    one.page.press("[data-field=effect-0-ref]", "Enter")
    pick(one, "book_room")
    drawn_by_keyboard(one, "attach", "Boundary event · timer")
    one.page.fill("[data-field=timer_text]", "P3D")
    pick(one, "book_room")
    one.page.select_option("[data-field=again]", "each")
    one.page.fill("[data-field=list]", "case.parties")
    drawn = read_diagram(saved(one)).nodes
    end, late = (
        drawn[name] for name in sorted(set(drawn) - set(before), key=lambda n: drawn[n].attached_to)
    )
    (effect,) = end.effects
    assert (effect.words["en"], [ref[:4] for ref in effect.basis]) == ("It binds", ["S3-2", "S3-3"])
    assert (late.attached_to, late.events[0].timer) == ("book_room", "P3D")
    assert (drawn["book_room"].loop.sequential, drawn["book_room"].loop.collection) == (
        True,
        "case.parties",
    )


def test_a_letter_is_typed_with_the_names_of_data_and_drawn_again(bench):
    one = bench()
    page = one.open(f"{one.page.url.removeprefix(one.site)}/letters/undisputed_facts").page
    page.press("#body-text", "Control+End")
    page.type("#body-text", '#f("dispute.ti')
    page.press("#body-text", "ArrowDown")
    page.press("#body-text", "Enter")
    page.wait_for_selector("[data-preview] .wrong:has-text('dispute.title')")
    page.type("#body-text", '")')
    page.wait_for_selector("[data-preview] img")
    page.wait_for_selector("[data-state].fine")
    assert not one.complaints()
    page.reload()
    assert page.input_value("#body-text").endswith('#f("dispute.title")\n')


def over(page, old, new):
    """Type something over where it stands in the text."""
    page.locator("#file-text").evaluate(SELECT, old)
    page.keyboard.insert_text(new)


def test_a_scenario_is_judged_line_by_line_as_it_is_typed(bench):
    one = bench()
    page = one.open(f"{one.page.url.removeprefix(one.site)}/scenarios/connection_lost").page
    over(page, '"expect"', '"expects"')
    page.click(".faults button >> nth=0")
    assert page.evaluate("document.activeElement.id") == "file-text"
    over(page, '"expects"', '"expect"')
    page.wait_for_selector(".faults .fine")


def test_on_a_telephone_it_says_what_to_read_instead(bench):
    one = bench(width=390, height=800)
    assert one.page.is_visible(".too-narrow")
    assert not one.page.is_visible("#canvas .bench")
    assert one.fits()
