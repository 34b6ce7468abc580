// Single-key shortcuts; silent in fields, during input-method composition, and when switched off.

const OFF = "liandiao.keys.off";

export function startKeys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) { openHelp(); }
    if (event.target.closest("[data-close]")) { closeHelp(); }
  });
  const box = document.getElementById("keys-on");
  if (box) {
    box.checked = !isOff();
    box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "" : "1"));
  }
}

const ACTIONS = {
  "/": () => focusOn(document.getElementById("search")),
  "?": openHelp,
  j: () => move(1),
  k: () => move(-1),
  c: claim,
  g: () => follow("[data-key-home]"),
};

function onKey(event) {
  if (event.key === "Escape" && !help().hidden) {
    closeHelp();
    return;
  }
  if (!help().hidden && event.key === "Tab") { keepInside(event); }
  if (isTyping(event) || isOff()) { return; }
  const action = ACTIONS[event.key];
  if (action) {
    event.preventDefault();
    action();
  }
}

function isOff() {
  return localStorage.getItem(OFF) === "1";
}

export function isTyping(event) {
  // 229 is what browsers report for a key that an input method has taken.
  if (event.isComposing || event.keyCode === 229) { return true; }
  if (event.ctrlKey || event.altKey || event.metaKey) { return true; }
  const tag = event.target.tagName;
  return tag === "TEXTAREA" || tag === "SELECT" || event.target.isContentEditable
    || (tag === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(event.target.type));
}

function rows() {
  return Array.from(document.querySelectorAll("[data-rows] tbody tr"))
    .map((row) => row.querySelector("a.go"))
    .filter(Boolean);
}

function move(by) {
  const links = rows();
  const now = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = now < 0 ? (by > 0 ? 0 : links.length - 1) : now + by;
  if (links[next]) {
    links[next].focus();
    links[next].closest("tr").scrollIntoView({ block: "nearest" });
  }
}

function claim() {
  const row = document.activeElement.closest("tr");
  const button = (row || document).querySelector("[data-claim]");
  if (button) { button.click(); }
}

function follow(selector) {
  const link = document.querySelector(selector);
  if (link) { link.click(); }
}

function focusOn(field) {
  if (field) {
    field.focus();
    field.select();
  }
}

// The help sheet ------------------------------------------------------------------------------

let before = null;

function help() {
  return document.getElementById("help") || { hidden: true };
}

function openHelp() {
  const sheet = document.getElementById("help");
  if (!sheet) { return; }
  before = document.activeElement;
  sheet.hidden = false;
  sheet.querySelector("[data-close]").focus();
}

function closeHelp() {
  const sheet = document.getElementById("help");
  if (!sheet) { return; }
  sheet.hidden = true;
  if (before) { before.focus(); }
}

function keepInside(event) {
  const inside = Array.from(help().querySelectorAll("button, input, a[href]"));
  const edge = event.shiftKey ? inside[0] : inside[inside.length - 1];
  if (document.activeElement === edge) {
    event.preventDefault();
    inside[event.shiftKey ? inside.length - 1 : 0].focus();
  }
}
