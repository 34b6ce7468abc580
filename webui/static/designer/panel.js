// Which fields an element has, in our own words; what it writes is described in bpmn/README.md.
import { getBusinessObject, is, isAny } from "../vendor/designer.js";
import { draw, flush, make } from "./fields.js";
import { drawingGroup, waysGroup } from "./drawing.js";
import { againGroups, clockGroup, effectGroup, rowsGroup } from "./groups.js";
import { letterField, letterLinks } from "./letters.js";
import { eventGroups } from "./events.js";

export class Panel {
  constructor(box, modeler, model, kit) {
    Object.assign(this, { box, modeler, model, kit, element: null, writing: false });
    modeler.on("selection.changed", () => this.show(this.selected()));
    modeler.on("import.done", () => this.show(this.selected()));
    modeler.on("commandStack.changed", () => { if (!this.writing) { this.render(); } });
  }

  selected() {
    const chosen = this.modeler.get("selection").get();
    return chosen.length === 1 ? chosen[0].labelTarget || chosen[0] : this.modeler.get("canvas").getRootElement();
  }

  show(element) {
    if (element === this.element) { return; }
    flush();
    this.element = element;
    this.render();
  }

  // Typing keeps its place; what else changes draws the panel anew with the focus where it was.
  render() {
    const inside = this.box.contains(document.activeElement);
    const focused = inside && document.activeElement.getAttribute("data-field");
    const top = this.box.scrollTop;
    flush();
    const sections = this.groups().map((group) => this.section(group));
    this.box.replaceChildren(make("fieldset", { class: "all", disabled: Boolean(this.locked) }, ...sections));
    this.box.scrollTop = top;
    const again = focused && this.box.querySelector(`[data-field="${focused}"]`);
    if (again) { again.focus(); } else if (inside && !this.box.contains(document.activeElement)) { this.box.focus(); }
  }

  section({ title, fields, rows }) {
    const open = make("details", { open: true, class: "group" }, make("summary", {}, make("h3", {}, title)));
    (fields || []).forEach((field) => open.append(this.field(field)));
    (rows || []).forEach((row) => open.append(row));
    return open;
  }

  field(field) {
    const set = (value) => {
      this.writing = !field.redraws;
      try {
        field.set(value);
      } finally {
        this.writing = false;
      }
    };
    return draw({ ...field, set }, this.kit);
  }

  say(key, values) {
    return this.kit.say(key, values);
  }

  groups() {
    const element = this.element;
    const owner = element && this.owner(element);
    if (!owner || !owner.get) { return []; }
    return [
      this.general(owner),
      ...this.work(owner),
      ...eventGroups(this, owner),
      ...this.flow(owner),
      ...waysGroup(this, owner),
      ...againGroups(this, owner),
      ...this.carried(owner),
      ...this.law(owner),
      drawingGroup(this, owner),
    ].filter(Boolean);
  }

  // Where nothing is selected the procedure itself is meant, also when it is drawn in a pool.
  owner(element) {
    const drawn = getBusinessObject(element);
    if (!is(drawn, "bpmn:Collaboration")) { return drawn; }
    return this.model.rootElements("bpmn:Process").find((one) => one.get("isExecutable")) || drawn;
  }

  // A field over one attribute.
  plain(owner, name, rest) {
    const { element, model } = this;
    return {
      id: name, value: owner.get(name) || "",
      set: (text) => model.set(element, owner, { [name]: text }), ...rest,
      label: rest.label || this.say(`field_${name.replace("ld:", "")}`),
    };
  }

  general(owner) {
    const { element, model } = this;
    const named = Boolean(owner.$descriptor.propertiesByName.name);
    const labels = !named ? this.note(owner) : ["zh", "en"].map((lang) => ({
      id: `label_${lang}`, label: this.say(`label_${lang}`), value: model.label(owner, lang), kind: "text",
      set: (text) => model.setLabel(element, owner, lang, text),
    }));
    const purposes = isAny(owner, ["bpmn:Task", "bpmn:SubProcess", "bpmn:CallActivity", "bpmn:Process"])
      ? ["zh", "en"].map((lang) => ({
        id: `purpose_${lang}`, label: this.say(`purpose_${lang}`), value: model.purpose(owner, lang), kind: "area",
        set: (text) => model.setPurpose(element, owner, lang, text),
      }))
      : [];
    const id = make("p", { class: "small muted" }, `${this.kit.typeName(element)} · `, make("code", {}, owner.id));
    const links = make("p", { class: "small" }, ...this.links(owner));
    const title = named ? model.label(owner, this.kit.lang) || this.say("unnamed") : this.kit.typeName(element);
    return { title, rows: [id, links, ...labels.concat(purposes).map((one) => this.field(one))] };
  }

  // The words of a note on the diagram; nothing for what has no words.
  note(owner) {
    if (!is(owner, "bpmn:TextAnnotation")) { return []; }
    const { element, model } = this;
    return ["zh", "en"].map((lang) => ({
      id: `text_${lang}`, label: this.say(`text_${lang}`), kind: "area", value: model.note(owner, lang),
      set: (text) => model.setNote(element, owner, lang, text),
    }));
  }

  // What belongs to an element and is edited on a page of its own.
  links(owner) {
    const { places } = this.kit;
    const to = (key, address) => make("a", { href: address }, this.say(`to_${key}`));
    const found = [];
    if (is(owner, "bpmn:UserTask")) { found.push(to("form", places.form(owner.id))); }
    if (is(owner, "bpmn:StartEvent") && is(owner.$parent, "bpmn:Process")) { found.push(to("form", places.form("start"))); }
    const own = this.kit.decisions.find(([id, , isOwn]) => id === owner.get("ld:decision") && isOwn);
    if (is(owner, "bpmn:BusinessRuleTask") && own) { found.push(to("table", places.table(owner.get("ld:decision")))); }
    letterLinks(this, owner).forEach(([id, title]) => found.push(make("a", { href: places.letter(id) }, `${this.say("to_letter")}: ${title}`)));
    if (is(owner, "bpmn:FlowNode")) { found.push(to("comments", places.review(owner.id))); }
    return found.flatMap((one, index) => (index ? [" · ", one] : [one]));
  }

  work(owner) {
    const groups = [];
    if (isAny(owner, ["bpmn:Lane", "bpmn:UserTask", "bpmn:StartEvent"])) {
      groups.push({ title: this.say("who"), fields: this.people(owner) });
    }
    if (is(owner, "bpmn:ServiceTask")) { groups.push(this.operation(owner)); }
    if (is(owner, "bpmn:ScriptTask")) { groups.push(this.script(owner)); }
    if (is(owner, "bpmn:BusinessRuleTask")) {
      const options = [["", "—"], ...this.kit.decisions];
      groups.push({ title: this.say("decision"), fields: [this.plain(owner, "ld:decision", { kind: "choice", options }), this.result(owner)] });
    }
    if (is(owner, "bpmn:CallActivity")) {
      groups.push({ title: this.say("called"), fields: [this.plain(owner, "calledElement", { kind: "search", options: this.kit.procedures })] });
    }
    return groups;
  }

  people(owner) {
    const role = this.plain(owner, "ld:role", { kind: "search", options: this.kit.roles });
    if (!is(owner, "bpmn:UserTask")) { return [role]; }
    const feel = ["ld:org", "ld:person", "ld:party"].map((name) => this.plain(owner, name, { kind: "feel" }));
    const doers = this.modeler.get("elementRegistry").filter((one) => isAny(one, ["bpmn:UserTask", "bpmn:StartEvent"]) && !one.labelTarget)
      .map((one) => [one.id, this.model.label(getBusinessObject(one), this.kit.lang)]);
    return [role, ...feel, this.plain(owner, "ld:not", { kind: "codes", options: doers })];
  }

  operation(owner) {
    const names = this.kit.operations.map((one) => [one.id, `${this.say(`op_${one.id.replace(".", "_")}`)} · ${one.id}`]);
    const operation = this.plain(owner, "ld:operation", { kind: "choice", options: [["", "—"], ...names], redraws: true });
    const known = this.kit.operations.find((one) => one.id === owner.get("ld:operation"));
    const rows = rowsGroup(this, owner, "ld:Param", known ? known.params : []);
    return { title: this.say("operation"), rows: [this.field(operation), ...letterField(this, owner), this.field(this.result(owner)), ...rows] };
  }

  script(owner) {
    const { element, model } = this;
    const body = this.plain(owner, "script", {
      kind: "feel",
      set: (text) => model.set(element, owner, { script: text, scriptFormat: "feel" }),
    });
    return { title: this.say("script"), fields: [body, this.result(owner)] };
  }

  result(owner) {
    return this.plain(owner, "ld:result", { kind: "path" });
  }

  flow(owner) {
    const source = is(owner, "bpmn:SequenceFlow") && owner.sourceRef;
    if (!source || !isAny(source, ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway", "bpmn:Activity"])) { return []; }
    const { element, model } = this;
    const condition = {
      id: "condition", label: this.say("condition"), kind: "feel", value: model.body(owner, "conditionExpression"),
      set: (text) => model.setBody(element, owner, "conditionExpression", text),
    };
    const otherwise = {
      id: "default", label: this.say("default"), kind: "tick", value: source.default === owner,
      set: (on) => model.modeling.updateProperties(element.source, { default: on ? owner : undefined }),
    };
    return [{ title: this.say("when"), fields: [condition, otherwise] }];
  }

  // What a line of data carries into or out of a step.
  carried(owner) {
    if (!is(owner, "bpmn:DataAssociation")) { return []; }
    const { element, model } = this;
    return [{ title: this.say("carried"), fields: [{
      id: "transformation", label: this.say("transformation"), kind: "feel", value: model.body(owner, "transformation"),
      set: (text) => model.setBody(element, owner, "transformation", text),
    }] }];
  }

  law(owner) {
    if (!isAny(owner, ["bpmn:FlowNode", "bpmn:SequenceFlow", "bpmn:Process"])) { return []; }
    const basis = { title: this.say("basis"), rows: rowsGroup(this, owner, "ld:Basis", []) };
    const effects = isAny(owner, ["bpmn:UserTask", "bpmn:Event"]) ? [effectGroup(this, owner)] : [];
    return is(owner, "bpmn:FlowNode") ? [basis, ...effects, clockGroup(this, owner)] : [basis];
  }
}
