// Keeps a form in step while it is filled in: fields that appear, results, rows, long lists.
// Without it the buttons of the form do the same by sending the page.

import { startPads } from "./sign.js";

const PAUSE = 500;

export function startForms() {
  document.querySelectorAll("form[data-refresh]").forEach(keep);
}

function keep(form) {
  const body = form.querySelector("[data-form]");
  if (!body) { return; }
  let latest = 0;
  let timer = 0;
  body.classList.add("quiet");
  startPickers(body);
  startPads(body);

  function later(pause) {
    clearTimeout(timer);
    if (body.hasAttribute("data-live")) { timer = setTimeout(refresh, pause); }
  }

  async function refresh(button) {
    clearTimeout(timer);
    latest += 1;
    const asked = latest;
    try {
      const answer = await fetch(form.getAttribute("data-refresh"), {
        method: "POST",
        body: typed(form, button),
        headers: { "X-CSRF-Token": token(), Accept: "text/html" },
        credentials: "same-origin",
      });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-form]");
      if (answer.ok && fresh && asked === latest) { take(body, fresh, button); }
      return answer.ok && Boolean(fresh);
    } catch (error) {
      return false; // The server works everything out again on completion; the next change asks anew.
    }
  }

  body.addEventListener("input", () => later(PAUSE));
  body.addEventListener("change", () => later(0));
  body.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name^='~']");
    // A file that was chosen but not sent yet must travel with the page.
    if (!button || button.hasAttribute("data-sending") || hasFiles(form)) { return; }
    event.preventDefault();
    if (!await refresh(button)) {
      button.setAttribute("data-sending", "");
      button.click();
    }
  });
  const problems = body.querySelector("#problems");
  if (problems) { problems.focus(); }
}

function typed(form, button) {
  const sent = new URLSearchParams();
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string") { sent.append(name, value); }
  });
  if (button && button.name) { sent.append(button.name, button.value); }
  return sent;
}

function token() {
  const meta = document.querySelector("meta[name=csrf]");
  return meta ? meta.content : "";
}

function hasFiles(form) {
  return Array.from(form.querySelectorAll("input[type=file]")).some((input) => input.files.length > 0);
}

function take(body, fresh, button) {
  const block = button && button.closest("[data-at]") ? outermost(body, button) : null;
  if (block) { replace(body, fresh, block, button); }
  fresh.querySelectorAll("[data-at]").forEach((now) => {
    const old = find(body, "data-at", now.getAttribute("data-at"));
    if (old && old !== block) { follow(old, now); }
  });
  fresh.querySelectorAll("[data-part]").forEach((now) => {
    const old = find(body, "data-part", now.getAttribute("data-part"));
    if (!old) { return; }
    old.hidden = now.hidden;
    if (!old.querySelector("[data-at]")) { old.innerHTML = now.innerHTML; }
  });
}

function outermost(body, node) {
  let block = node.closest("[data-at]");
  while (block.parentElement.closest("[data-at]")) { block = block.parentElement.closest("[data-at]"); }
  return block;
}

function replace(body, fresh, block, button) {
  const now = find(fresh, "data-at", block.getAttribute("data-at"));
  if (!now) { return; }
  block.innerHTML = now.innerHTML;
  startPickers(block);
  startPads(block);
  const rows = block.querySelectorAll(".form-row");
  const target = button.name === "~add" && rows.length ? rows[rows.length - 1] : block;
  const control = target.querySelector("input:not([type=hidden]), select, textarea") || target.querySelector("button");
  if (control) { control.focus(); }
}

function follow(old, now) {
  old.hidden = now.hidden;
  pair(old, now, "[data-need]", (one, other) => { one.hidden = other.hidden; });
  pair(old, now, "[data-computed]", (one, other) => { one.textContent = other.textContent; });
  pair(old, now, "select[data-options]", (one, other) => {
    const chosen = one.value;
    one.innerHTML = other.innerHTML;
    one.value = chosen;
    if (one.selectedIndex < 0) { one.value = ""; }
  });
}

function pair(old, now, selector, change) {
  const one = old.querySelector(selector);
  const other = now.querySelector(selector);
  // A block of rows holds other blocks; those follow on their own.
  if (one && other && one.closest("[data-at]") === old) { change(one, other); }
}

function find(root, attribute, value) {
  return Array.from(root.querySelectorAll(`[${attribute}]`)).find((node) => node.getAttribute(attribute) === value);
}

// Long lists: a search field above the select narrows what it offers.

const FEW = 12;

function startPickers(root) {
  root.querySelectorAll("select[data-pick]").forEach((select) => {
    if (select.options.length > FEW || select.getAttribute("data-source")) { picker(select); }
  });
}

function picker(select) {
  const all = Array.from(select.options, (option) => [option.value, option.text]);
  const search = document.createElement("input");
  const found = document.createElement("span");
  const source = select.getAttribute("data-source");
  let timer = 0;
  search.type = "search";
  search.className = "pick-find";
  search.placeholder = select.getAttribute("data-find");
  search.setAttribute("aria-label", select.getAttribute("data-find"));
  search.setAttribute("aria-controls", select.id);
  search.autocomplete = "off";
  found.className = "pick-found";
  found.setAttribute("role", "status");
  select.before(search);
  select.after(found);

  async function narrow() {
    const asked = search.value.trim().toLowerCase();
    const known = source ? await look(source, asked, all) : all.filter(([, label]) => label.toLowerCase().includes(asked));
    const chosen = Array.from(select.options).find((option) => option.selected && option.value);
    const kept = chosen ? [[chosen.value, chosen.text]] : [];
    const offered = known.filter(([value]) => value && (!chosen || value !== chosen.value));
    select.textContent = "";
    [all[0]].concat(kept, offered).forEach(([value, label]) => select.append(new Option(label, value)));
    select.value = chosen ? chosen.value : "";
    select.size = asked ? Math.min(8, select.options.length) : 0;
    found.textContent = asked ? String(offered.length) : "";
  }

  function settle() {
    select.size = 0;
    search.value = "";
    found.textContent = "";
  }

  search.addEventListener("input", (event) => {
    event.stopPropagation();
    clearTimeout(timer);
    timer = setTimeout(narrow, source ? 250 : 0);
  });
  search.addEventListener("keydown", (event) => {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "ArrowDown")) { return; }
    event.preventDefault();
    const first = Array.from(select.options).find((option) => option.value && !option.selected);
    if (event.key === "Enter" && first) {
      select.value = first.value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      settle();
    }
    select.focus();
  });
  select.addEventListener("change", settle);
}

async function look(source, asked, all) {
  try {
    const answer = await fetch(`${source}?q=${encodeURIComponent(asked)}`, { credentials: "same-origin" });
    return answer.ok ? await answer.json() : all;
  } catch (error) {
    return all;
  }
}
