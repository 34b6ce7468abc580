// The panel's controls: native, labelled, each writes into the diagram by itself and is never late.
import { complete } from "./completing.js";

const PAUSE = 400;
const waiting = new Set();
const lists = new Map();
let count = 0;

// Everything typed goes into the diagram now: before each save and before another element is shown.
export function flush() {
  Array.from(waiting).forEach((apply) => apply());
}

export function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  Object.keys(attributes || {}).forEach((name) => {
    if (attributes[name] !== undefined && attributes[name] !== false) {
      node.setAttribute(name, attributes[name] === true ? "" : attributes[name]);
    }
  });
  children.filter((child) => child !== undefined && child !== null).forEach((child) => node.append(child));
  return node;
}

export function button(text, act, attributes) {
  const node = make("button", { type: "button", class: "btn small", ...attributes }, text);
  node.addEventListener("click", act);
  return node;
}

// field: {id, label, kind, value, set(text), options, hint, check}
export function draw(field, kit) {
  count += 1;
  const id = `field-${count}`;
  const control = CONTROLS[field.kind || "text"](field, id, kit);
  const parts = [make("label", { for: id }, field.label), control.node];
  if (field.kind === "tick") { parts.reverse(); }
  const box = make("div", { class: `field ${field.kind || "text"}` }, ...parts, ...(control.after || []));
  control.input.id = id;
  control.input.setAttribute("data-field", field.id);
  return box;
}

const CONTROLS = {
  text: (field) => typed(make("input", { type: "text", autocomplete: "off", maxlength: 2000, spellcheck: "false" }), field),
  area: (field) => typed(make("textarea", { rows: 3, maxlength: 20000 }), field),
  feel: expression,
  choice: choice,
  search: search,
  codes: codes,
  path: path,
  tick: tick,
};

function typed(input, field) {
  let timer = 0;
  input.value = field.value || "";
  let kept = input.value;
  function apply() {
    clearTimeout(timer);
    waiting.delete(apply);
    if (input.value !== kept) {
      kept = input.value;
      field.set(input.value.trim());
    }
  }
  input.addEventListener("input", () => {
    waiting.add(apply);
    clearTimeout(timer);
    timer = setTimeout(apply, PAUSE);
  });
  input.addEventListener("change", apply);
  input.addEventListener("blur", apply);
  return { node: input, input };
}

// Options given as a function are asked for when the field is entered: there may be hundreds.
function choice(field) {
  const select = make("select", {});
  const add = (options) => options.forEach(([code, name]) => select.append(make("option", { value: code }, name)));
  if (typeof field.options === "function") {
    const fill = () => { if (select.length < 2) { add(field.options()); } };
    add([["", "—"]]);
    ["focus", "pointerdown"].forEach((moment) => select.addEventListener(moment, fill));
  } else {
    add(field.options);
    if (field.value && !field.options.some(([code]) => code === field.value)) { add([[field.value, field.value]]); }
  }
  select.value = field.value || "";
  select.addEventListener("change", () => field.set(select.value));
  return { node: select, input: select };
}

function tick(field) {
  const input = make("input", { type: "checkbox" });
  input.checked = Boolean(field.value);
  input.addEventListener("change", () => field.set(input.checked));
  return { node: input, input };
}

// A text with suggestions from a register; what is chosen is said in words below.
function search(field, id) {
  const control = typed(make("input", { type: "text", autocomplete: "off", list: listOf(field.options), spellcheck: "false" }), field);
  const told = make("p", { class: "told small muted", id: `${id}-told` });
  const tell = () => {
    const found = field.options.find(([code]) => code === control.input.value.trim());
    told.textContent = found ? found[1] : "";
  };
  control.input.setAttribute("aria-describedby", `${id}-told`);
  control.input.addEventListener("input", tell);
  tell();
  return { ...control, after: [told] };
}

// A place in the data, completed from those that are known.
function path(field, id, kit) {
  const control = typed(make("input", { type: "text", class: "code", autocomplete: "off", spellcheck: "false" }), field);
  return { ...control, after: [complete(control.input, id, kit)] };
}

// Codes one after the other with a space between, each completed from a register and said in words below.
function codes(field, id, kit) {
  const control = typed(make("input", { type: "text", autocomplete: "off", spellcheck: "false" }), field);
  const told = make("p", { class: "told small muted", id: `${id}-told` });
  const named = new Map(field.options);
  const said = (code) => { // an article that is cited nowhere else is known by its source
    const [source, ...rest] = code.split("-");
    return named.get(code) || (rest.length && named.has(source) ? `${named.get(source)} ${rest.join("-")}` : `${code} ?`);
  };
  const tell = () => {
    const all = control.input.value.split(/\s+/).filter(Boolean);
    told.textContent = all.map(said).join(kit.lang === "zh" ? "；" : "; ");
  };
  control.input.setAttribute("aria-describedby", told.id);
  control.input.addEventListener("input", tell);
  tell();
  return { ...control, after: [complete(control.input, id, kit, field.options), told] };
}

// Registers are long: each becomes one list of the page, however many fields use it.
function listOf(options) {
  if (!lists.has(options)) {
    const list = make("datalist", { id: `register-${lists.size}` }, ...options.map(([code, name]) => make("option", { value: code }, name)));
    document.body.append(list);
    lists.set(options, list.id);
  }
  return lists.get(options);
}

function expression(field, id, kit) {
  const area = make("textarea", { rows: 1, class: "code", spellcheck: "false", autocomplete: "off", autocapitalize: "off" });
  const control = typed(area, field);
  const wrong = make("p", { class: "wrong small", id: `${id}-wrong`, role: "status" });
  area.setAttribute("aria-describedby", `${id}-wrong`);
  const grow = () => { area.rows = Math.min(8, Math.max(1, Math.ceil(area.value.length / 34), area.value.split("\n").length)); };
  let asked = 0;
  let timer = 0;
  async function check() {
    asked += 1;
    const turn = asked;
    const found = await kit.parse(area.value, field.check || "expression");
    if (turn !== asked) { return; }
    wrong.textContent = found.message ? `✕ ${found.message}` : "";
    area.setAttribute("aria-invalid", found.message ? "true" : "false");
  }
  area.addEventListener("input", () => {
    grow();
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  });
  area.addEventListener("focus", check);
  grow();
  const list = complete(area, id, kit);
  return { node: area, input: area, after: [list, wrong] };
}
