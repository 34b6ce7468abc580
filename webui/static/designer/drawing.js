// Drawing without a mouse: append, connect, change the type, go to another element, delete.
import { getBusinessObject, is, isAny } from "../vendor/designer.js";
import { button, draw, make } from "./fields.js";

const APPENDED = ["bpmn:UserTask", "bpmn:ServiceTask", "bpmn:ScriptTask", "bpmn:BusinessRuleTask", "bpmn:SendTask",
  "bpmn:ReceiveTask", "bpmn:CallActivity", "bpmn:ExclusiveGateway", "bpmn:ParallelGateway", "bpmn:InclusiveGateway", "bpmn:EndEvent"];
const TASKS = APPENDED.slice(0, 7);

export function drawingGroup(panel, owner) {
  const { element } = panel;
  const rows = [];
  if (is(owner, "bpmn:FlowNode")) {
    if (!is(owner, "bpmn:EndEvent")) {
      rows.push(act(panel, "append", () => types(panel, APPENDED), (type) => append(panel, type)));
      rows.push(act(panel, "connect", () => others(panel), (id) => panel.modeler.get("modeling").connect(element, find(panel, id))));
    }
    if (is(owner, "bpmn:Task")) {
      rows.push(act(panel, "change", () => types(panel, TASKS.filter((type) => !is(owner, type))), (type) => {
        select(panel, panel.modeler.get("bpmnReplace").replaceElement(element, { type }));
      }));
    }
  }
  if (element.parent) {
    rows.push(make("p", { class: "row" }, button(panel.say("delete"), () => panel.modeler.get("modeling").removeElements([element]), {})));
  }
  rows.push(act(panel, "go", () => others(panel), (id) => select(panel, find(panel, id))));
  return { title: panel.say("drawing"), rows };
}

function types(panel, all) {
  return all.map((type) => [type, panel.kit.nameOf(type)]);
}

function others(panel) {
  return panel.modeler.get("elementRegistry")
    .filter((one) => one !== panel.element && !one.labelTarget && isAny(one, ["bpmn:FlowNode", "bpmn:Lane"]))
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
  canvas.scrollToElement(element, 80);
  panel.modeler.get("selection").select(element);
}

function append(panel, type) {
  const shape = panel.modeler.get("elementFactory").createShape({ type });
  panel.modeler.get("autoPlace").append(panel.element, shape);
  select(panel, shape);
}

function act(panel, name, options, done) {
  let chosen = "";
  const field = { id: `draw_${name}`, label: panel.say(`draw_${name}`), kind: "choice", value: "",
    options, set: (value) => { chosen = value; } };
  const go = button(panel.say("do"), () => { if (chosen) { done(chosen); } }, { "aria-label": `${panel.say("do")}: ${panel.say(`draw_${name}`)}` });
  return make("div", { class: "act" }, draw(field, panel.kit), go);
}
