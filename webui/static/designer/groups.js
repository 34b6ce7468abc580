// Groups of the panel that repeat: citations, effects in law, parameters, payloads, clocks; and what is done again.
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

export function effectGroup(panel, owner) {
  const { element, model } = panel;
  const outcomes = is(owner, "bpmn:UserTask") ? panel.kit.outcomes[owner.id] || [] : [];
  const rows = model.children(owner, "ld:Effect").map((effect, index) => {
    const set = row(panel, owner, effect, index, []);
    const remove = set.lastChild;
    const add = (name, kind, options) => set.insertBefore(panel.field({
      id: `effect-${index}-${name}`, label: panel.say(`effect_${name}`), kind, options, value: effect.get(name) || "",
      set: (text) => model.set(element, effect, { [name]: text }),
    }), remove);
    if (outcomes.length || effect.get("outcome")) { add("outcome", "choice", [["", panel.say("any_outcome")], ...outcomes]); }
    add("zh", "area");
    add("en", "area");
    add("ref", "codes", panel.kit.citations);
    return set;
  });
  const add = button(panel.say("add_effect"), () => model.addChild(element, owner, "ld:Effect", {}));
  const why = make("p", { class: "small muted" }, panel.say("effect_why"));
  return { title: panel.say("effects"), rows: [why, ...rows, make("p", { class: "row" }, add)] };
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

const AGAIN = { "": "", all: "bpmn:MultiInstanceLoopCharacteristics", each: "bpmn:MultiInstanceLoopCharacteristics", until: "bpmn:StandardLoopCharacteristics" };

export function againGroups(panel, owner) {
  if (!is(owner, "bpmn:Activity") || owner.triggeredByEvent) { return []; }
  const { element, model } = panel;
  const loop = owner.get("loopCharacteristics");
  const many = Boolean(loop) && is(loop, AGAIN.all);
  const now = !loop ? "" : many ? (loop.get("isSequential") ? "each" : "all") : "until";
  const how = {
    id: "again", label: panel.say("again"), kind: "choice", value: now, redraws: true,
    options: Object.keys(AGAIN).map((one) => [one, panel.say(`again_${one || "never"}`)]),
    set: (wanted) => {
      if (many && AGAIN[wanted] === AGAIN.all) {
        model.set(element, loop, { isSequential: wanted === "each" });
      } else {
        const made = wanted ? model.make(AGAIN[wanted], owner, wanted === "each" ? { isSequential: true } : {}) : undefined;
        model.set(element, owner, { loopCharacteristics: made });
      }
    },
  };
  const fields = !loop ? [] : many ? manyFields(panel, loop) : untilFields(panel, loop);
  return [{ title: panel.say("multiple"), fields: [how, ...fields] }];
}

function manyFields(panel, loop) {
  const { element, model } = panel;
  const field = (id, kind, value, set) => ({ id, label: panel.say(`loop_${id}`), kind, value, set });
  const list = (name, id, kind) => field(id, kind, model.listText(loop, name), (text) => model.setListText(element, loop, name, text));
  const item = (name, id) => field(id, "text", model.itemName(loop, name), (text) => model.setItemName(element, loop, name, text));
  const body = (name, id) => field(id, "feel", model.body(loop, name), (text) => model.setBody(element, loop, name, text));
  return [
    list("loopDataInputRef", "list", "feel"),
    item("inputDataItem", "item"),
    list("loopDataOutputRef", "into", "path"),
    item("outputDataItem", "given"),
    body("loopCardinality", "times"),
    body("completionCondition", "enough"),
  ];
}

function untilFields(panel, loop) {
  const { element, model } = panel;
  const most = loop.get("loopMaximum");
  return [
    { id: "while", label: panel.say("loop_while"), kind: "feel", value: model.body(loop, "loopCondition"),
      set: (text) => model.setBody(element, loop, "loopCondition", text) },
    { id: "before", label: panel.say("loop_before"), kind: "tick", value: loop.get("testBefore"),
      set: (on) => model.set(element, loop, { testBefore: on }) },
    { id: "most", label: panel.say("loop_most"), kind: "text", value: most === undefined ? "" : String(most),
      set: (text) => model.set(element, loop, { loopMaximum: /^\d+$/.test(text) ? Number(text) : "" }) },
  ];
}
