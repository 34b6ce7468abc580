// Completion as one types, by arrows and Enter: in expressions names and functions, in lists of codes what they mean.
import { make } from "./fields.js";

const WORD = /[\p{L}_][\p{L}\p{N}_.]*$/u;
const CODE = /\S+$/u;
const MOST = 8;

// choices: [code, words] pairs to offer instead of the names of an expression.
export function complete(area, id, kit, choices, pattern) {
  const list = make("ul", { class: "offers", role: "listbox", id: `${id}-offers`, "aria-label": kit.say("offers"), hidden: true });
  let chosen = -1;
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-haspopup", "listbox");

  function word() {
    const found = (pattern || (choices ? CODE : WORD)).exec(area.value.slice(0, area.selectionStart));
    return found ? found[0] : "";
  }

  function show() {
    const begun = word();
    const offers = begun.length > 0 ? (choices ? coded(begun, typeof choices === "function" ? choices() : choices) : matches(begun, kit)) : [];
    list.replaceChildren(...offers.map(offer));
    list.hidden = !offers.length;
    mark(-1);
  }

  function offer([text, words], index) {
    const item = make("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false", "data-text": text }, words ? `${text} · ${words}` : text);
    item.addEventListener("mousedown", (event) => { event.preventDefault(); take(text); });
    return item;
  }

  function mark(index) {
    chosen = index;
    Array.from(list.children).forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    if (index >= 0) {
      area.setAttribute("aria-activedescendant", `${list.id}-${index}`);
    } else {
      area.removeAttribute("aria-activedescendant");
    }
  }

  function take(text) {
    const end = area.selectionStart;
    area.setRangeText(text, end - word().length, end, "end");
    close();
    area.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  }

  function close() {
    list.hidden = true;
    mark(-1);
  }

  area.addEventListener("input", show);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (list.hidden) { return; }
    const all = list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark((chosen + (event.key === "ArrowDown" ? 1 : all - (chosen < 0 ? 0 : 1))) % all);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(list.children[chosen].dataset.text);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  });
  return list;
}

function matches(begun, kit) {
  const low = begun.toLowerCase();
  const functions = kit.functions.map((name) => `${name}(`);
  const all = kit.names.concat(functions).filter((name) => name !== begun);
  const first = all.filter((name) => name.toLowerCase().startsWith(low));
  const within = all.filter((name) => !first.includes(name) && name.toLowerCase().includes(low));
  return first.concat(within).slice(0, MOST).map((name) => [name, ""]);
}

function coded(begun, choices) {
  const low = begun.toLowerCase();
  const first = choices.filter(([code]) => code.toLowerCase().startsWith(low));
  const within = choices.filter((one) => !first.includes(one) && one[1].toLowerCase().includes(low));
  return first.concat(within).filter(([code]) => code !== begun).slice(0, MOST);
}
