// Groups of the panel that repeat: citations, parameters, payloads, clocks; and multi-instance.
import { is } from "../vendor/designer.js";
import { button, make } from "./fields.js";

const COLUMNS = {
  "ld:Basis": [["ref", "search"]],
  "ld:Param": [["name", "text"], ["value", "feel"]],
  "ld:Payload": [["name", "text"], ["value", "feel"]],
};
const VERBS = ["starts", "pauses", "resumes", "ends", "extends"];

// Rows over the children of one type: a fieldset each, with a button to remove it and one to add.
export function rowsGroup(panel, owner, type, wanted) {
  const { element, model } = panel;
  const found = model.children(owner, type);
  const missing = wanted.filter((name) => !found.some((one) => one.get("name") === name));
  const rows = found.map((child, index) => row(panel, owner, child, index, COLUMNS[type]));
  const add = [...missing, ""].map((name) => button(
    name ? panel.say("add_named", { name }) : panel.say(`add_${type.slice(3).toLowerCase()}`),
    () => model.addChild(element, owner, type, name ? { name } : {}),
  ));
  return [...rows, make("p", { class: "row" }, ...add)];
}

function row(panel, owner, child, index, columns) {
  const { element, model } = panel;
  const kind = child.$type.slice(3).toLowerCase();
  const set = make("fieldset", { class: "entry" }, make("legend", {}, `${panel.say(`one_${kind}`)} ${index + 1}`));
  columns.forEach(([name, shown]) => set.append(panel.field(of(panel, child, name, shown, index))));
  set.append(button(panel.say("remove"), () => model.replaceChild(element, owner, child, null), {
    "aria-label": `${panel.say("remove")}: ${panel.say(`one_${kind}`)} ${index + 1}`, class: "btn quiet",
  }));
  return set;
}

function of(panel, child, name, kind, index) {
  const options = name === "ref" ? panel.kit.citations : panel.kit.rules;
  return {
    id: `${child.$type}-${index}-${name}`, label: panel.say(`field_${name}`), kind, options, value: child.get(name) || "",
    set: (text) => panel.model.set(panel.element, child, { [name]: text }),
  };
}

export function clockGroup(panel, owner) {
  const { element, model } = panel;
  const rows = model.children(owner, "ld:Clock").map((clock, index) => {
    const set = row(panel, owner, clock, index, [["rule", "search"]]);
    const remove = set.lastChild;
    VERBS.forEach((verb) => set.insertBefore(panel.field({
      id: `clock-${index}-${verb}`, label: panel.say(`verb_${verb}`), kind: "choice", value: clock.get(verb) || "",
      options: [["", "—"], ["enter", panel.say("on_enter")], ["done", panel.say("on_done")]],
      set: (text) => model.set(element, clock, { [verb]: text }),
    }), remove));
    ["from", "until"].forEach((name) => set.insertBefore(panel.field(of(panel, clock, name, "feel", index)), remove));
    return set;
  });
  const add = button(panel.say("add_clock"), () => model.addChild(element, owner, "ld:Clock", { starts: "enter" }));
  return { title: panel.say("clocks"), rows: [...rows, make("p", { class: "row" }, add)] };
}

export function multipleGroup(panel, owner) {
  const { element, model } = panel;
  const loop = owner.get("loopCharacteristics");
  if (!loop || !is(loop, "bpmn:MultiInstanceLoopCharacteristics")) { return []; }
  const field = (id, kind, value, set) => ({ id, label: panel.say(`loop_${id}`), kind, value, set });
  const list = (name, id, kind) => field(id, kind, model.listText(loop, name), (text) => model.setListText(element, loop, name, text));
  const item = (name, id) => field(id, "text", model.itemName(loop, name), (text) => model.setItemName(element, loop, name, text));
  const body = (name, id) => field(id, "feel", model.body(loop, name), (text) => model.setBody(element, loop, name, text));
  return [{
    title: panel.say("multiple"),
    fields: [
      field("sequential", "tick", loop.get("isSequential"), (on) => model.set(element, loop, { isSequential: on })),
      list("loopDataInputRef", "list", "feel"),
      item("inputDataItem", "item"),
      list("loopDataOutputRef", "into", "text"),
      item("outputDataItem", "given"),
      body("loopCardinality", "times"),
      body("completionCondition", "enough"),
    ],
  }];
}
