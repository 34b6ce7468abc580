// Groups of events and of tasks that send or receive: messages, timers, errors, conditions.
import { is, isAny } from "../vendor/designer.js";
import { rowsGroup } from "./groups.js";

const NEW = "+";
const TIMES = ["timeDate", "timeDuration", "timeCycle"];
const CODED = { "bpmn:ErrorEventDefinition": ["error", "errorRef", "bpmn:Error", "errorCode"],
  "bpmn:EscalationEventDefinition": ["escalation", "escalationRef", "bpmn:Escalation", "escalationCode"],
  "bpmn:SignalEventDefinition": ["signal", "signalRef", "bpmn:Signal", "name"] };

export function eventGroups(panel, owner) {
  const definitions = is(owner, "bpmn:Event") ? owner.get("eventDefinitions") || [] : [];
  const holders = isAny(owner, ["bpmn:SendTask", "bpmn:ReceiveTask"]) ? [owner] : definitions.filter((one) => is(one, "bpmn:MessageEventDefinition"));
  const groups = holders.map((holder) => message(panel, owner, holder));
  definitions.forEach((one) => {
    if (is(one, "bpmn:TimerEventDefinition")) { groups.push(timer(panel, one)); }
    if (is(one, "bpmn:ConditionalEventDefinition")) { groups.push(conditional(panel, one)); }
    if (is(one, "bpmn:LinkEventDefinition")) { groups.push({ title: panel.say("link"), fields: [panel.plain(one, "name", { id: "link_name", label: panel.say("link_name") })] }); }
    Object.keys(CODED).filter((type) => is(one, type)).forEach((type) => groups.push(coded(panel, owner, one, CODED[type])));
  });
  return groups.concat(interrupting(panel, owner));
}

// Whether what happens meanwhile ends the step, or what is under way.
function interrupting(panel, owner) {
  const inside = is(owner, "bpmn:StartEvent") && owner.$parent && owner.$parent.triggeredByEvent;
  const name = is(owner, "bpmn:BoundaryEvent") ? "cancelActivity" : inside && "isInterrupting";
  if (!name) { return []; }
  return [{ title: panel.say("meanwhile"), fields: [{
    id: name, label: panel.say(`interrupts_${name}`), kind: "tick", value: owner.get(name) !== false,
    set: (on) => panel.model.set(panel.element, owner, { [name]: on }),
  }] }];
}

function receives(owner) {
  return isAny(owner, ["bpmn:CatchEvent", "bpmn:ReceiveTask"]);
}

function pick(panel, holder, name, type, fresh) {
  const { element, model } = panel;
  const all = model.rootElements(type);
  const held = holder.get(name);
  return {
    id: name, label: panel.say(`pick_${name}`), kind: "choice", redraws: true, value: held ? held.id : "",
    options: [["", "—"], ...all.map((one) => [one.id, one.get("name") || one.id]), [NEW, panel.say(`new_${name}`)]],
    set: (chosen) => {
      const found = chosen === NEW ? model.addRoot(element, type, fresh()) : all.find((one) => one.id === chosen);
      model.set(element, holder, { [name]: found });
    },
  };
}

function freeId(panel, stem) {
  const taken = panel.model.definitions().get("rootElements").map((one) => one.id);
  let number = 1;
  while (taken.includes(`${stem}_${number}`)) { number += 1; }
  return `${stem}_${number}`;
}

function message(panel, owner, holder) {
  const held = holder.get("messageRef");
  const fresh = () => { const id = freeId(panel, "message"); return { id, name: id }; };
  const rows = [panel.field(pick(panel, holder, "messageRef", "bpmn:Message", fresh))];
  if (held) {
    rows.push(panel.field(panel.plain(held, "name", { id: "message_name", label: panel.say("message_name") })));
    rows.push(panel.field(panel.plain(held, "ld:key", { kind: "feel" })));
    rows.push(...rowsGroup(panel, held, "ld:Payload", []));
  }
  if (receives(owner)) { rows.push(panel.field(panel.result(owner))); }
  return { title: panel.say("message"), rows };
}

function timer(panel, definition) {
  const { element, model } = panel;
  const now = TIMES.find((name) => definition.get(name)) || "timeDuration";
  const clear = (kind, text) => {
    const values = {};
    TIMES.forEach((name) => { values[name] = undefined; });
    if (text) { values[kind] = model.make("bpmn:FormalExpression", definition, { body: text }); }
    model.set(element, definition, values);
  };
  const kinds = TIMES.map((name) => [name, panel.say(name)]);
  return {
    title: panel.say("timer"),
    fields: [
      panel.plain(definition, "ld:clock", { id: "timer_clock", label: panel.say("timer_clock"), kind: "search", options: panel.kit.rules }),
      { id: "timer_kind", label: panel.say("timer_kind"), kind: "choice", value: now, options: kinds, redraws: true,
        set: (kind) => clear(kind, model.body(definition, now)) },
      { id: "timer_text", label: panel.say("timer_text"), kind: "feel", check: "timer", value: model.body(definition, now),
        set: (text) => clear(TIMES.find((name) => definition.get(name)) || now, text) },
    ],
  };
}

function conditional(panel, definition) {
  const { element, model } = panel;
  return { title: panel.say("when"), fields: [{
    id: "event_condition", label: panel.say("condition"), kind: "feel", value: model.body(definition, "condition"),
    set: (text) => model.setBody(element, definition, "condition", text),
  }] };
}

function coded(panel, owner, definition, [stem, name, type, code]) {
  const fresh = () => { const id = freeId(panel, stem); return { id, name: id }; };
  const held = definition.get(name);
  const fields = [pick(panel, definition, name, type, fresh)];
  if (held) { fields.push(panel.plain(held, code, { id: `${name}_code`, label: panel.say("code") })); }
  if (receives(owner)) { fields.push(panel.result(owner)); }
  return { title: panel.say(stem === "error" ? "error_event" : stem), fields };
}
