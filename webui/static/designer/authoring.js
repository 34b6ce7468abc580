// Saves an editor's page as one types, and does its buttons without leaving the place.
// Without it every button sends the page and the server does the same.
import { startForms } from "../forms.js";
import { complete } from "./completing.js";

const PAUSE = 1200;
const CSRF = document.querySelector("meta[name=csrf]").content;

class Editor {
  constructor(form) {
    this.form = form;
    this.state = document.querySelector("[data-state]");
    this.typed = 0;
    this.timer = 0;
    this.busy = Promise.resolve();
    form.addEventListener("input", () => this.touch());
    form.addEventListener("submit", (event) => this.pressed(event));
    form.addEventListener("click", (event) => {
      this.button = event.target.closest("button");
      if (event.target.closest("[data-notice] a")) { this.typed = 0; } // theirs is what is wanted
    });
    form.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("beforeunload", (event) => { if (this.typed) { event.preventDefault(); event.returnValue = ""; } });
    this.dragging();
    this.dress(form);
  }

  touch() {
    this.typed += 1;
    clearTimeout(this.timer);
    if (!this.held) { this.timer = setTimeout(() => this.queue(null), PAUSE); }
  }

  pressed(event) {
    event.preventDefault();
    event.stopPropagation();
    this.queue(event.submitter || this.button);
  }

  key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      this.queue(null);
    }
    const line = event.target.closest("[data-at]");
    if (event.altKey && line && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const act = line.querySelector(`button[value^="${event.key === "ArrowUp" ? "up" : "down"} "]`);
      if (act) { event.preventDefault(); this.queue(act); }
    }
  }

  // One after the other: each save rests on the one before.
  queue(button) {
    clearTimeout(this.timer);
    this.busy = this.busy.then(() => this.send(button));
    return this.busy;
  }

  async send(button) {
    if (!button && (!this.typed || this.held)) { return; }
    const body = new URLSearchParams(new FormData(this.form));
    if (button && button.name) { body.append(button.name, button.value); }
    const before = this.typed;
    this.tell("saving", "");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, credentials: "same-origin", headers: { "X-CSRF-Token": CSRF, Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("form[data-authoring]");
      if (!fresh) { throw new Error(String(answer.status)); }
      if (answer.ok && this.typed === before) { this.typed = 0; }
      this.take(fresh, page, { ok: answer.ok, button, at: new URL(answer.url).searchParams.get("place") });
    } catch (error) {
      this.tell("failed", "late");
      this.timer = setTimeout(() => this.queue(null), 5 * PAUSE);
    }
  }

  take(fresh, page, { ok, button, at }) {
    this.held = !ok && Boolean(fresh.querySelector("button[name='~over']"));
    if (ok && button) { this.redraw(fresh, at); } else { this.follow(fresh, ok); }
    const preview = document.querySelector("[data-preview]");
    const drawn = page.querySelector("[data-preview]");
    if (preview && drawn) {
      preview.replaceWith(drawn);
      startForms();
    }
    this.tell(ok ? "saved" : "failed", ok ? "fine" : "late");
    if (this.typed && ok) { this.touch(); }
  }

  // The lines stand elsewhere now: all of them are drawn anew, those that were open stay open.
  redraw(fresh, at) {
    const open = new Set(Array.from(this.form.querySelectorAll("details[open] > summary code"), (code) => code.textContent));
    this.form.innerHTML = fresh.innerHTML;
    this.form.querySelectorAll("details > summary code").forEach((code) => {
      if (open.has(code.textContent)) { code.closest("details").open = true; }
    });
    this.dress(this.form);
    const line = at && document.getElementById(`line-${at}`);
    if (line) {
      line.querySelectorAll("details").forEach((one) => { one.open = true; });
      (line.querySelector("summary, textarea") || line.querySelector("input, button")).focus();
    }
  }

  follow(fresh, ok) {
    const swap = (selector) => {
      const old = this.form.querySelectorAll(selector);
      const now = fresh.querySelectorAll(selector);
      if (old.length === now.length) { old.forEach((one, place) => { one.innerHTML = now[place].innerHTML; }); }
    };
    swap("[data-notice]");
    swap("[data-findings]");
    if (ok) { ["base", "seen"].forEach((name) => { this.form.elements[name].value = fresh.elements[name].value; }); }
    const choice = this.form.querySelector("[data-notice] button, [data-notice] a");
    if (choice) { choice.focus(); }
  }

  tell(key, kind) {
    this.state.textContent = this.state.dataset[key];
    this.state.className = `state ${kind}`;
  }

  dragging() {
    let from = "";
    const over = (event) => event.target.closest && event.target.closest("[data-drag]");
    this.form.addEventListener("dragstart", (event) => {
      const line = over(event);
      if (!line || event.target !== line) { return; }
      from = line.dataset.at;
      event.dataTransfer.setData("text/plain", from);
    });
    this.form.addEventListener("dragover", (event) => { if (from && over(event)) { event.preventDefault(); } });
    this.form.addEventListener("drop", (event) => {
      const line = over(event);
      if (!from || !line) { return; }
      event.preventDefault();
      this.queue({ name: "~do", value: `before ${from} ${line.dataset.at}` });
      from = "";
    });
  }

  dress(form) {
    // A line is dragged by its summary's free ground: text in its fields must stay selectable.
    form.querySelectorAll("[data-drag] > details > summary").forEach((summary) => {
      const line = summary.closest("[data-drag]");
      summary.addEventListener("pointerdown", () => { line.draggable = true; });
      line.addEventListener("dragend", () => { line.draggable = false; });
    });
    form.querySelectorAll("[data-feel]").forEach((area) => expression(area, form, this.kit));
    this.knowing = this.knowing || known(form).then((kit) => { this.kit = kit; this.offer(kit); });
    if (this.kit) { this.offer(this.kit); }
  }

  offer(kit) {
    this.form.querySelectorAll("[data-feel]").forEach((area) => {
      if (!area.hasAttribute("aria-autocomplete")) { area.after(complete(area, area.id, kit)); }
    });
    const choices = {
      citations: kit.citations,
      pointers: kit.names.map((name) => [`/${name.split(".").join("/")}`, ""]),
    };
    this.form.querySelectorAll("[data-codes], [data-choices]").forEach((area) => {
      if (area.hasAttribute("aria-autocomplete") || area.readOnly) { return; }
      area.after(complete(area, area.id, kit, choices[area.dataset.codes] || JSON.parse(area.dataset.choices)));
    });
    const letter = this.form.querySelector("[data-letter]:not([aria-autocomplete])");
    if (letter && !letter.readOnly) { letter.after(complete(letter, letter.id, kit, named, NAMED)); }
    const list = document.getElementById("citations");
    if (list && !list.children.length) { list.append(...kit.citations.map(([code, name]) => new Option(name, code))); }
  }
}

// The data that a letter may name stands beside it; between quotes it is offered.
const NAMED = /(?<=")[\p{L}_][\p{L}\p{N}_.]*$/u;

function named() {
  return Array.from(document.querySelectorAll("[data-name]"), (one) => [one.dataset.name, one.dataset.said]);
}

async function known(form) {
  const read = async (url) => (await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } })).json();
  const [kit, own] = await Promise.all([read(form.dataset.kit), read(form.dataset.names)]);
  return { ...kit, ...own, say: (key) => kit.words[key] || key };
}

// Says beside the field what cannot be read, as it is typed.
function expression(area, form) {
  const wrong = document.createElement("p");
  wrong.className = "wrong small";
  wrong.id = `${area.id}-wrong`;
  wrong.setAttribute("role", "status");
  area.setAttribute("aria-describedby", wrong.id);
  area.after(wrong);
  const grow = () => {
    const wide = area.clientWidth ? Math.floor((area.clientWidth - 10) / 7.4) : 40; // letters in a line
    area.rows = area.value.split("\n").reduce((lines, line) => lines + Math.max(1, Math.ceil(line.length / wide)), 0);
  };
  let asked = 0;
  let timer = 0;
  const check = async () => {
    asked += 1;
    const turn = asked;
    const found = await fetch(form.dataset.feelUrl, {
      method: "POST", credentials: "same-origin", body: JSON.stringify({ text: area.value, kind: area.dataset.feel }),
      headers: { "X-CSRF-Token": CSRF, "Content-Type": "application/json", Accept: "application/json" },
    }).then((answer) => answer.json()).catch(() => ({}));
    if (turn !== asked) { return; }
    wrong.textContent = found.message ? `✕ ${found.message}` : "";
    area.setAttribute("aria-invalid", found.message ? "true" : "false");
  };
  area.addEventListener("input", () => { grow(); clearTimeout(timer); timer = setTimeout(check, 400); });
  grow();
}

const form = document.querySelector("form[data-authoring]");
if (form) { window.authoring = new Editor(form); }
