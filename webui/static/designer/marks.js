// What the checks find: a marked sign at the element and a list beside it; both lead to each other.
import { make } from "./fields.js";

const SIGN = { error: "✕", warning: "!" };
const FORM = /^forms\/(\w+)\.json$/;

const hasWay = (one) => one.code.startsWith("soundness_") && Boolean(one.params.path);

// Where a sign stands: at a shape's corner, on a line in its middle, so that two lines' signs keep apart.
function corner(element) {
  if (!element.waypoints) { return { top: -10, left: -10 }; }
  const { waypoints } = element;
  const left = Math.min(...waypoints.map((one) => one.x));
  const top = Math.min(...waypoints.map((one) => one.y));
  const last = Math.floor(waypoints.length / 2);
  const [one, other] = [waypoints[last - 1], waypoints[last]];
  return { top: (one.y + other.y) / 2 - top - 11, left: (one.x + other.x) / 2 - left - 11 };
}

// Whether an element throws, awaits or sends what is declared under this id.
function declares(element, id) {
  const events = (element && element.eventDefinitions) || [];
  return [element, ...events].some((one) => one && REFS.some((ref) => one[ref] && one[ref].id === id));
}
const REFS = ["messageRef", "signalRef", "errorRef", "escalationRef", "processRef"];

export class Marks {
  // options: {url, modeler, list (the element that holds the list), say, go(element)}
  constructor(options) {
    Object.assign(this, options, { found: [], turn: 0 });
    this.list.addEventListener("click", (event) => {
      const link = event.target.closest("[data-element]");
      if (link && this.go(link.getAttribute("data-element"))) { event.preventDefault(); }
    });
  }

  async refresh() {
    this.turn += 1;
    const turn = this.turn;
    const answer = await fetch(this.url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    const found = answer.ok ? await answer.json() : this.found;
    const proved = document.querySelector("[data-soundness]");
    if (proved && answer.ok) { proved.textContent = decodeURIComponent(answer.headers.get("X-Soundness") || ""); }
    if (turn === this.turn) {
      this.found = found;
      this.mark();
      this.tell();
    }
  }

  mark() {
    const overlays = this.modeler.get("overlays");
    const registry = this.modeler.get("elementRegistry");
    const open = this.fold();
    overlays.remove({ type: "finding" });
    const all = new Map();
    this.found.forEach((one) => this.places(one).forEach((id) => all.set(id, (all.get(id) || []).concat(one))));
    if (!this.found.some(hasWay)) { this.forget(); }
    all.forEach((found, id) => overlays.add(id, "finding", { position: corner(registry.get(id)), html: this.sign(found, id) }));
    if (all.has(open)) { this.unfold(all.get(open), open); }
  }

  // Where a finding stands: its element, the task whose form it is in, or who has to do with a message.
  places(one) {
    const registry = this.modeler.get("elementRegistry");
    const form = FORM.exec(one.file);
    if (form) { return registry.get(form[1]) ? [form[1]] : []; }
    if (one.file.includes("/")) { return []; }
    if (registry.get(one.element)) { return [one.element]; }
    return registry.filter((shape) => !shape.labelTarget && declares(shape.businessObject, one.element)).map((shape) => shape.id);
  }

  sign(found, id) {
    const level = found.some((one) => one.level === "error") ? "error" : "warning";
    const words = `${this.say(level)} (${found.length}): ${found.map((one) => one.text).join(" ")}`;
    const sign = make("button", { type: "button", class: `finding ${level}`, title: words, "aria-label": words }, make("span", {}, SIGN[level]));
    sign.addEventListener("click", () => { this.go(id); this.unfold(found, id); });
    return sign;
  }

  // Closes what is unfolded; at which element that was.
  fold() {
    const overlays = this.modeler.get("overlays");
    const open = overlays.get({ type: "unfolded" })[0];
    const id = open ? open.element.id : "";
    overlays.remove({ type: "unfolded" });
    return id;
  }

  // The findings of one element beside it, until another's or the same sign is pressed.
  unfold(found, id) {
    if (this.fold() === id) { return; }
    const told = found.map((one) => make("p", {}, `${SIGN[one.level]} ${one.text}`, make("span", { class: "muted hint" }, one.hint)));
    const { top, left } = corner(this.modeler.get("elementRegistry").get(id));
    this.modeler.get("overlays").add(id, "unfolded", { position: { top: top - 6, left }, html: make("div", { class: "unfolded", role: "status" }, ...told) });
  }

  tell() {
    if (!this.found.length) {
      this.list.replaceChildren(make("p", { class: "state fine", role: "status" }, `✓ ${this.say("nothing_found")}`));
      return;
    }
    const errors = this.found.filter((one) => one.level === "error").length;
    const head = make("p", { class: "small", role: "status" }, this.say("found", { errors, warnings: this.found.length - errors }));
    this.list.replaceChildren(head, make("ul", { class: "plain" }, ...this.found.map((one) => this.row(one))));
  }

  row(one) {
    const kind = make("span", { class: `state ${one.level === "error" ? "late" : "soon"}` }, `${SIGN[one.level]} ${this.say(one.level)}`);
    const form = FORM.exec(one.file);
    const away = form ? document.getElementById("canvas").dataset.forms.replace("~", form[1]) : "#canvas";
    const to = form ? {} : { "data-element": this.places(one)[0] || one.element };
    const where = one.element && make("a", { href: away, class: "small", ...to, "data-file": one.file }, make("code", {}, form ? `${form[1]} ${one.element}` : one.element));
    const hint = one.hint && make("span", { class: "muted small hint" }, one.hint);
    const way = hasWay(one) && make("button", { type: "button", class: "btn small" }, this.say("show_way"));
    if (way) { way.addEventListener("click", () => this.show(one)); }
    return make("li", {}, kind, ` ${one.text} `, where || null, " ", way || null, hint || null);
  }

  forget() {
    const canvas = this.modeler.get("canvas");
    this.modeler.get("elementRegistry").forEach((element) => canvas.removeMarker(element, "on-way"));
  }

  // The way to a fault: its elements and the flows between them.
  show(one) {
    const canvas = this.modeler.get("canvas");
    const registry = this.modeler.get("elementRegistry");
    this.forget();
    const ids = one.params.path.split(" ");
    const near = new Set(ids.slice(1).map((id, at) => `${ids[at]} ${id}`));
    registry.filter((element) => {
      const ends = element.source && element.target && `${element.source.id} ${element.target.id}`;
      return ids.includes(element.id) || near.has(ends);
    }).forEach((element) => canvas.addMarker(element, "on-way"));
    this.go(one.element);
  }
}
