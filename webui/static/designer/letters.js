// Which letter a step makes or prints: chosen from the draft's own, each leading to its editor.
import { is } from "../vendor/designer.js";

const RECORD = "documents.record";
const NAMED = /"([a-z0-9_]+)"/g;

function kind(panel, owner) {
  return panel.model.children(owner, "ld:Param").find((one) => one.get("name") === "kind");
}

// The letter that a recording makes; one that an expression chooses is edited as that expression.
export function letterField(panel, owner) {
  const { element, model, kit } = panel;
  if (owner.get("ld:operation") !== RECORD) { return []; }
  const held = kind(panel, owner);
  const text = held ? held.get("value") || "" : "";
  const now = text.replace(/^"|"$/g, "");
  const named = kit.letters.map(([id, title]) => [id, title]);
  const listed = !text || named.some(([id]) => id === now);
  return [panel.field({
    id: "letter", label: panel.say("letter"), kind: "choice", redraws: true, value: listed ? now : text,
    options: [["", "—"], ...named, ...(listed ? [] : [[text, panel.say("letter_chosen")]])],
    set: (id) => {
      const value = named.some(([one]) => one === id) ? `"${id}"` : id;
      if (held) {
        model.set(element, held, { value });
      } else {
        model.addChild(element, owner, "ld:Param", { name: "kind", value });
      }
    },
  })];
}

// [id, title] of the letters that a step makes, or that are printed on its page.
export function letterLinks(panel, owner) {
  const held = is(owner, "bpmn:ServiceTask") && kind(panel, owner);
  const made = held ? Array.from((held.get("value") || "").matchAll(NAMED), (found) => found[1]) : [];
  return panel.kit.letters.filter(([id, , tasks]) => made.includes(id) || tasks.includes(owner.id));
}
