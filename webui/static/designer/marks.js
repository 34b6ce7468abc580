// What the checks find: a marked sign at the element and a list beside it; both lead to each other.
import { make } from "./fields.js";

const SIGN = { error: "✕", warning: "!" };

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
    overlays.remove({ type: "finding" });
    const all = new Map();
    this.found.filter((one) => registry.get(one.element)).forEach((one) => {
      all.set(one.element, (all.get(one.element) || []).concat(one));
    });
    all.forEach((found, id) => overlays.add(id, "finding", { position: { top: -10, left: -10 }, html: this.sign(found, id) }));
  }

  sign(found, id) {
    const level = found.some((one) => one.level === "error") ? "error" : "warning";
    const words = `${this.say(level)} (${found.length}): ${found.map((one) => one.text).join(" ")}`;
    const sign = make("button", { type: "button", class: `finding ${level}`, title: words, "aria-label": words }, make("span", {}, SIGN[level]));
    sign.addEventListener("click", () => this.go(id));
    return sign;
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
    const where = one.element && make("a", { href: "#canvas", class: "small", "data-element": one.element, "data-file": one.file }, make("code", {}, one.element));
    const hint = one.hint && make("span", { class: "muted small hint" }, one.hint);
    const way = one.params.path && make("button", { type: "button", class: "btn small" }, this.say("show_way"));
    if (way) { way.addEventListener("click", () => this.show(one)); }
    return make("li", {}, kind, ` ${one.text} `, where || null, " ", way || null, hint || null);
  }

  // The way to a fault: its elements and the flows between them.
  show(one) {
    const canvas = this.modeler.get("canvas");
    const registry = this.modeler.get("elementRegistry");
    registry.forEach((element) => canvas.removeMarker(element, "on-way"));
    const ids = one.params.path.split(" ");
    const near = new Set(ids.slice(1).map((id, at) => `${ids[at]} ${id}`));
    registry.filter((element) => {
      const ends = element.source && element.target && `${element.source.id} ${element.target.id}`;
      return ids.includes(element.id) || near.has(ends);
    }).forEach((element) => canvas.addMarker(element, "on-way"));
    this.go(one.element);
  }
}
