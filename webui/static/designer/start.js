// The canvas of a draft: opens its diagram, draws the panel, saves, marks what the checks find.
import { Modeler, getBusinessObject } from "../vendor/designer.js";
import { LD } from "./descriptor.js";
import { showPlanes } from "../plane.js";
import { select } from "./drawing.js";
import { button, flush, make } from "./fields.js";
import { Marks } from "./marks.js";
import { Model, keepReferences } from "./model.js";
import { Panel } from "./panel.js";
import { Saving } from "./saving.js";
import { toFile, toScreen } from "./tongue.js";
import { missing, translation } from "./words.js";

const FONT = getComputedStyle(document.documentElement).fontFamily;
const CSRF = document.querySelector("meta[name=csrf]").content;

const STARTS = ["shape.move.start", "create.start", "connect.start", "resize.start", "bendpoint.move.start",
  "connectionSegment.move.start", "spaceTool.selection.start", "element.dblclick"];

async function start(box) {
  const [fixed, own] = await Promise.all([json(box.dataset.kit), json(box.dataset.names)]);
  const kit = kitOf(fixed, own, box.dataset);
  const parts = frame(box, kit);
  const modeler = new Modeler({
    container: parts.canvas,
    moddleExtensions: { ld: LD },
    additionalModules: [translation(kit.lang)],
    textRenderer: { defaultStyle: { fontFamily: FONT, fontSize: 12 }, externalStyle: { fontFamily: FONT, fontSize: 12 } },
  });
  const designer = new Designer(box, modeler, kit, parts);
  window.designer = { modeler, missing, saving: designer.saving };
  await designer.open();
  box.setAttribute("data-opened", "yes");
}

class Designer {
  constructor(box, modeler, kit, parts) {
    Object.assign(this, { box, modeler, kit, parts, snapshots: [] });
    keepReferences(modeler);
    showPlanes(modeler, () => this.fit());
    this.model = new Model(modeler, kit.lang);
    this.panel = new Panel(parts.panel, modeler, this.model, kit);
    this.marks = new Marks({
      url: box.dataset.findings, modeler, say: kit.say, go: (id) => this.go(id),
      list: document.querySelector("#findings .body"),
    });
    this.saving = new Saving({
      url: box.dataset.file, csrf: CSRF, say: kit.say, dump: () => this.dump(), load: (xml) => this.show(xml),
      state: (text, kind) => { parts.state.textContent = text; parts.state.className = `state ${kind}`; },
      conflict: (told) => this.conflict(told),
      saved: () => this.marks.refresh(),
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("#outline [data-element]");
      if (link && this.go(link.dataset.element)) { event.preventDefault(); }
    });
    this.editable = box.dataset.mine === "yes";
    if (this.editable) { this.watch(); } else { this.lock(); }
    this.tools();
  }

  watch() {
    this.modeler.on("commandStack.changed", ({ trigger }) => {
      if (trigger !== "clear") { this.saving.touch(); }
      this.enable();
    });
    this.parts.canvas.addEventListener("input", () => this.saving.touch());
    this.parts.panel.addEventListener("input", () => this.saving.touch());
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        this.saving.touch();
        this.saving.send();
      }
    });
  }

  // Somebody else's draft, or one that is submitted, is looked at.
  lock() {
    this.box.classList.add("locked");
    this.panel.locked = true;
    this.modeler.on(STARTS, 5000, () => false);
    this.modeler.on("keyboard.keydown", 5000, (event) => event.stopPropagation());
  }

  async open() {
    await this.show(await this.saving.open());
    this.marks.refresh();
  }

  async show(xml) {
    try {
      const { warnings } = await this.modeler.importXML(toScreen(xml, this.kit.lang));
      this.parts.notice.hidden = true;
      if (this.undrawn().length) { this.offerLayout("undrawn", this.undrawn().length); }
      this.lost(warnings);
    } catch (error) {
      this.raw = xml;
      this.offerLayout(/no diagram to display/.test(error.message) ? "no_drawing" : "unreadable", 0);
    }
    this.fit();
    this.marks.mark();
    this.enable();
  }

  // Everything, beside the palette.
  fit() {
    const canvas = this.modeler.get("canvas");
    const { inner, outer } = canvas.viewbox();
    if (outer.width < 200) { return; } // not shown: the screen is too narrow
    const scale = Math.min((outer.width - 130) / inner.width, (outer.height - 40) / inner.height, 1) || 1;
    const height = outer.height / scale;
    canvas.viewbox({ x: inner.x - 110 / scale, y: inner.y - (height - inner.height) / 2, width: outer.width / scale, height });
  }

  // bpmn-js leaves out silently what has no layout.
  undrawn() {
    const registry = this.modeler.get("elementRegistry");
    const found = [];
    const visit = (scope) => (scope.flowElements || []).forEach((one) => {
      if (!registry.get(one.id) && one.$type !== "bpmn:DataObject") { found.push(one.id); }
      visit(one);
    });
    this.model.rootElements("bpmn:Process").forEach(visit);
    return found;
  }

  lost(warnings) {
    const told = warnings.filter((one) => /unparsable|unknown/.test(one.message));
    if (told.length) { this.notice(make("p", {}, this.kit.say("not_understood", { count: told.length }))); }
  }

  offerLayout(key, count) {
    const actions = key === "unreadable" ? [] : [button(this.kit.say("complete_layout"), () => this.layOut(true))];
    this.notice(make("p", {}, this.kit.say(key, { count })), ...actions);
  }

  notice(...children) {
    this.parts.notice.replaceChildren(...children);
    this.parts.notice.hidden = false;
  }

  // The drawing as a file. A label that is being typed on the canvas counts, and stays open.
  async dump() {
    flush();
    const editing = this.modeler.get("directEditing");
    const active = editing.isActive() && editing._active;
    const owner = active && active.element.businessObject;
    const named = owner && "name" in owner.$descriptor.propertiesByName ? owner : null;
    const before = named && named.name;
    if (named) { named.name = editing.getValue(); }
    try {
      const { xml } = await this.modeler.saveXML({ format: true });
      return toFile(xml, this.kit.lang);
    } finally {
      if (named) { named.name = before; }
    }
  }

  async layOut(keep) {
    const xml = this.raw || await this.dump();
    const answer = await fetch(`${this.box.dataset.layout}${keep ? "?keep=1" : ""}`, {
      method: "POST", body: xml, credentials: "same-origin",
      headers: { "X-CSRF-Token": CSRF, "Content-Type": "application/xml", Accept: "application/json" },
    });
    if (!answer.ok) {
      const told = await answer.json().catch(() => ({}));
      this.notice(make("p", {}, told.message || this.kit.say("not_laid_out")));
      return;
    }
    this.raw = "";
    this.snapshots.push(xml);
    await this.show(await answer.text());
    this.saving.touch();
  }

  // Laying out is one step back like any other: the drawing before it is kept.
  async undo() {
    flush();
    const stack = this.modeler.get("commandStack");
    if (stack.canUndo()) {
      stack.undo();
    } else if (this.snapshots.length) {
      await this.show(this.snapshots.pop());
      this.saving.touch();
    }
  }

  go(id) {
    const element = this.modeler.get("elementRegistry").get(id);
    if (!element) { return false; }
    select(this.panel, element);
    this.box.scrollIntoView({ block: "nearest" });
    this.parts.panel.focus();
    return true;
  }

  conflict(told) {
    const { say } = this.kit;
    const mine = button(say("keep_mine"), () => { this.parts.notice.hidden = true; this.saving.mine(told.etag); });
    const theirs = button(say("take_theirs"), () => { this.parts.notice.hidden = true; this.saving.theirs(); });
    this.notice(make("p", {}, told.message || say("not_saved")), make("p", { class: "row" }, theirs, mine));
    theirs.focus();
  }

  tools() {
    const { say } = this.kit;
    const stack = this.modeler.get("commandStack");
    const zoom = this.modeler.get("zoomScroll");
    const add = (key, act) => { const one = button(say(key), act); this.parts.tools.append(one); return one; };
    if (this.editable) {
      this.undoing = add("undo", () => this.undo());
      this.redoing = add("redo", () => stack.redo());
      add("complete_layout", () => this.layOut(true));
      add("lay_out", () => this.layOut(false));
      add("save", () => { this.saving.touch(); this.saving.send(); });
    }
    add("fit", () => this.fit());
    add("zoom_in", () => zoom.stepZoom(1));
    add("zoom_out", () => zoom.stepZoom(-1));
    this.parts.tools.append(this.parts.state);
  }

  enable() {
    if (!this.undoing) { return; }
    const stack = this.modeler.get("commandStack");
    this.undoing.disabled = !stack.canUndo() && !this.snapshots.length;
    this.redoing.disabled = !stack.canRedo();
  }
}

function frame(box, kit) {
  const { say } = kit;
  const tools = make("div", { class: "tools", role: "toolbar", "aria-label": say("tools") });
  const state = make("span", { class: "state", role: "status" });
  const notice = make("div", { class: "note soon", role: "alert", hidden: true });
  const canvas = make("div", { class: "drawn", role: "group", "aria-label": say("canvas") });
  const panel = make("aside", { class: "panel", tabindex: "-1", "aria-label": say("panel") });
  box.replaceChildren(make("p", { class: "too-narrow" }, say("too_narrow")), tools, notice, make("div", { class: "bench" }, canvas, panel));
  box.classList.add("ready");
  return { tools, state, notice, canvas, panel };
}

function kitOf(fixed, own, { feel, review, forms, tables, letters }) {
  const say = (key, values) => {
    const said = fixed.words[key];
    if (said === undefined) { missing.add(key); }
    return (said || key).replace(/{(\w+)}/g, (whole, name) => (values && name in values ? values[name] : whole));
  };
  const nameOf = (type) => say(`type_${type.replace("bpmn:", "")}`);
  return {
    ...fixed, ...own, say, nameOf,
    places: { review: (id) => `${review}?element=${encodeURIComponent(id)}#comments`, form: (id) => forms.replace("~", id), table: (id) => tables.replace("~", id), letter: (id) => letters.replace("~", id) },
    typeName: (element) => nameOf(getBusinessObject(element).$type),
    parse: (text, kind) => json(feel, { text, kind }).catch(() => ({})),
  };
}

async function json(url, asked) {
  const headers = { Accept: "application/json", "X-CSRF-Token": CSRF, "Content-Type": "application/json" };
  const options = asked ? { method: "POST", body: JSON.stringify(asked) } : {};
  const answer = await fetch(url, { ...options, headers, credentials: "same-origin" });
  if (!answer.ok) { throw new Error(String(answer.status)); }
  return answer.json();
}

const box = document.getElementById("canvas");
if (box) {
  start(box).catch((error) => {
    console.error(error);
    box.textContent = box.dataset.failed;
  });
}
