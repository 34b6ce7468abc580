// Drawing without a mouse: append, attach, connect, change the type, add a lane, go to another element, delete.
import { getBusinessObject, is, isAny } from "../vendor/designer.js";
import { button, draw, make } from "./fields.js";

const TASKS = ["UserTask", "ServiceTask", "ScriptTask", "BusinessRuleTask", "SendTask", "ReceiveTask", "ManualTask",
  "CallActivity", "SubProcess"];
const GATEWAYS = ["ExclusiveGateway", "ParallelGateway", "InclusiveGateway", "EventBasedGateway"];
const EVENTS = {
  StartEvent: ["", "Message", "Timer", "Conditional", "Signal", "Error", "Escalation"],
  IntermediateCatchEvent: ["Timer", "Message", "Conditional", "Signal", "Link"],
  IntermediateThrowEvent: ["Message", "Signal", "Escalation", "Link"],
  EndEvent: ["", "Message", "Error", "Escalation", "Signal", "Terminate"],
  BoundaryEvent: ["Timer", "Message", "Conditional", "Signal", "Error", "Escalation"],
};
const LEGIBLE = 0.6;
const APPENDED = [...TASKS, ...GATEWAYS].map(plain)
  .concat(...["IntermediateCatchEvent", "IntermediateThrowEvent", "EndEvent"].map(kinds));

export function drawingGroup(panel, owner) {
  const { element } = panel;
  const modeling = panel.modeler.get("modeling");
  const rows = [];
  if (is(owner, "bpmn:FlowNode")) {
    if (!is(owner, "bpmn:EndEvent") && !owner.triggeredByEvent) {
      rows.push(act(panel, "append", () => types(panel, APPENDED), (target) => append(panel, JSON.parse(target))));
      rows.push(act(panel, "connect", () => others(panel), (id) => modeling.connect(element, find(panel, id))));
    }
    if (is(owner, "bpmn:Activity") && !owner.triggeredByEvent) {
      rows.push(act(panel, "attach", () => types(panel, kinds("BoundaryEvent")), (target) => attach(panel, JSON.parse(target))));
    }
    rows.push(act(panel, "change", () => types(panel, instead(owner)), (target) => {
      select(panel, panel.modeler.get("bpmnReplace").replaceElement(element, JSON.parse(target)));
    }));
  }
  const buttons = isAny(owner, ["bpmn:Lane", "bpmn:Participant"])
    ? [button(panel.say("add_lane"), () => select(panel, modeling.addLane(element, "bottom")))]
    : [];
  if (element.parent) { buttons.push(button(panel.say("delete"), () => modeling.removeElements([element]))); }
  if (buttons.length) { rows.push(make("p", { class: "row" }, ...buttons)); }
  rows.push(act(panel, "go", () => others(panel), (id) => select(panel, find(panel, id))));
  return { title: panel.say("drawing"), rows };
}

// The flows that leave an element, each a button that leads to its condition.
export function waysGroup(panel, owner) {
  const flows = is(owner, "bpmn:FlowNode") ? (panel.element.outgoing || []).filter((one) => is(one, "bpmn:SequenceFlow")) : [];
  if (!flows.length) { return []; }
  const name = (one) => panel.model.label(getBusinessObject(one), panel.kit.lang);
  const rows = flows.map((flow) => {
    const to = name(flow.target) || flow.target.id;
    const kept = owner.default === getBusinessObject(flow) ? ` (${panel.say("default")})` : "";
    return make("p", { class: "way" }, button(`${name(flow) ? `${name(flow)} ` : ""}→ ${to}${kept}`, () => select(panel, flow), { class: "link" }));
  });
  return [{ title: panel.say("ways"), rows }];
}

function plain(name) {
  return { type: `bpmn:${name}` };
}

function kinds(name) {
  return EVENTS[name].map((kind) => (kind ? { ...plain(name), eventDefinitionType: `bpmn:${kind}EventDefinition` } : plain(name)));
}

// What an element can become without losing its place in the flow.
function instead(owner) {
  const name = owner.$type.replace("bpmn:", "");
  if (EVENTS[name]) { return kinds(name); }
  if (is(owner, "bpmn:Gateway")) { return GATEWAYS.filter((one) => one !== name).map(plain); }
  const more = is(owner, "bpmn:SubProcess") ? [{ ...plain("SubProcess"), triggeredByEvent: true, isExpanded: true }, plain("Transaction")] : [];
  return [...TASKS.filter((one) => one !== name).map(plain), ...more];
}

function types(panel, all) {
  return all.map((target) => {
    const kind = (target.eventDefinitionType || "").replace("bpmn:", "").replace("EventDefinition", "");
    const name = target.triggeredByEvent ? panel.say("event_sub_process") : panel.kit.nameOf(target.type);
    return [JSON.stringify(target), kind ? `${name} · ${panel.say(`on_${kind}`)}` : name];
  });
}

function others(panel) {
  return panel.modeler.get("elementRegistry")
    .filter((one) => one !== panel.element && !one.labelTarget && isAny(one, ["bpmn:FlowNode", "bpmn:Lane", "bpmn:Participant"]))
    .map((one) => [one.id, panel.model.label(getBusinessObject(one), panel.kit.lang) || one.id]);
}

function find(panel, id) {
  return panel.modeler.get("elementRegistry").get(id);
}

export function select(panel, element) {
  if (!element) { return; }
  const canvas = panel.modeler.get("canvas");
  const root = canvas.findRoot(element);
  if (root) { canvas.setRootElement(root); }
  if (canvas.zoom() < LEGIBLE) { canvas.zoom(LEGIBLE); }
  canvas.scrollToElement(element, 160);
  panel.modeler.get("selection").select(element);
}

function append(panel, target) {
  const shape = panel.modeler.get("elementFactory").createShape(target);
  panel.modeler.get("autoPlace").append(panel.element, shape);
  select(panel, shape);
}

// On the lower edge, beside those that are there.
function attach(panel, target) {
  const host = panel.element;
  const at = { x: host.x + host.width - 20 - 40 * (host.attachers || []).length, y: host.y + host.height };
  select(panel, panel.modeler.get("modeling").createShape(target, at, host, { attach: true }));
}

function act(panel, name, options, done) {
  let chosen = "";
  const field = { id: `draw_${name}`, label: panel.say(`draw_${name}`), kind: "choice", value: "",
    options, set: (value) => { chosen = value; } };
  const go = button(panel.say("do"), () => { if (chosen) { done(chosen); } }, { "aria-label": `${panel.say("do")}: ${panel.say(`draw_${name}`)}` });
  return make("div", { class: "act" }, draw(field, panel.kit), go);
}
