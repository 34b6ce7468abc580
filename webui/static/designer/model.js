// Reads and writes what our panel shows of an element, each change as one command that can be undone.
import { getBusinessObject, is } from "../vendor/designer.js";

const I18N = "http://www.omg.org/spec/BPMN/non-normative/extensions/i18n/1.0";

export class Model {
  constructor(modeler, lang) {
    this.modeling = modeler.get("modeling");
    this.moddle = modeler.get("moddle");
    this.modeler = modeler;
    this.lang = lang; // the language that the attribute `name` holds while it is drawn
  }

  set(element, owner, values) {
    const clean = {};
    Object.keys(values).forEach((name) => { clean[name] = values[name] === "" ? undefined : values[name]; });
    if (owner === getBusinessObject(element)) {
      this.modeling.updateProperties(element, clean);
    } else {
      this.modeling.updateModdleProperties(element, owner, clean);
    }
  }

  make(type, parent, values) {
    const made = this.moddle.create(type, values || {});
    made.$parent = parent;
    return made;
  }

  // Children of extensionElements ------------------------------------------------------------

  children(owner, type) {
    const held = owner.get("extensionElements");
    return held ? (held.get("values") || []).filter((one) => one.$type === type) : [];
  }

  addChild(element, owner, type, values) {
    this.replaceChild(element, owner, null, this.moddle.create(type, values || {}));
  }

  replaceChild(element, owner, old, fresh) {
    const held = owner.get("extensionElements");
    const before = held ? held.get("values") || [] : [];
    const kept = old ? before.map((one) => (one === old ? fresh : one)) : before.concat(fresh);
    const values = kept.filter(Boolean);
    const box = held || this.make("bpmn:ExtensionElements", owner, { values: [] });
    values.forEach((one) => { one.$parent = box; });
    if (!held) {
      box.values = values;
      this.set(element, owner, { extensionElements: box });
    } else if (values.length) {
      this.modeling.updateModdleProperties(element, held, { values });
    } else {
      this.set(element, owner, { extensionElements: undefined });
    }
  }

  // Words ------------------------------------------------------------------------------------

  translation(owner, target, lang) {
    const held = owner.get("extensionElements");
    return held && (held.get("values") || []).find((one) => {
      const { uri, localName } = one.$descriptor.ns || {};
      return (uri === I18N || one.$type === "i18n:translation") && (localName || "translation") === "translation"
        && one.target === target && one["xml:lang"] === lang;
    });
  }

  label(owner, lang) {
    if (lang === this.lang) { return owner.get("name") || ""; }
    const said = this.translation(owner, "@name", lang);
    return said ? (said.$body || "").trim() : "";
  }

  setLabel(element, owner, lang, text) {
    if (lang === this.lang) {
      this.set(element, owner, { name: text });
    } else {
      this.setTranslation(element, owner, "@name", lang, text);
    }
  }

  setTranslation(element, owner, target, lang, text) {
    const old = this.translation(owner, target, lang);
    if (!old && !text) { return; }
    const fresh = text && this.moddle.createAny("i18n:translation", I18N, { target, "xml:lang": lang, $body: text });
    this.replaceChild(element, owner, old || null, fresh || null);
  }

  purpose(owner, lang) {
    if (lang === "zh") {
      const told = (owner.get("documentation") || [])[0];
      return told ? told.text || "" : "";
    }
    const said = this.translation(owner, "documentation", lang);
    return said ? (said.$body || "").trim() : "";
  }

  setPurpose(element, owner, lang, text) {
    if (lang !== "zh") {
      this.setTranslation(element, owner, "documentation", lang, text);
      return;
    }
    const rest = (owner.get("documentation") || []).slice(1);
    const told = text ? [this.make("bpmn:Documentation", owner, { text })] : [];
    this.set(element, owner, { documentation: told.concat(rest) });
  }

  note(owner, lang) {
    if (lang === "zh") { return owner.get("text") || ""; }
    const said = this.translation(owner, "text", lang);
    return said ? (said.$body || "").trim() : "";
  }

  setNote(element, owner, lang, text) {
    if (lang === "zh") {
      this.set(element, owner, { text });
    } else {
      this.setTranslation(element, owner, "text", lang, text);
    }
  }

  // Expressions ------------------------------------------------------------------------------

  body(owner, name) {
    const held = owner.get(name);
    return held ? held.get("body") || "" : "";
  }

  setBody(element, owner, name, text) {
    const fresh = text ? this.make("bpmn:FormalExpression", owner, { body: text }) : undefined;
    this.set(element, owner, { [name]: fresh });
  }

  // What BPMN declares a reference and we read as FEEL: kept as a thing whose id is that text.
  listText(owner, name) {
    const held = owner.get(name);
    return held ? held.id : "";
  }

  setListText(element, owner, name, text) {
    this.set(element, owner, { [name]: text ? { id: text } : undefined });
  }

  itemName(owner, name) {
    const held = owner.get(name);
    return held ? held.get("name") || "" : "";
  }

  setItemName(element, owner, name, text) {
    const type = name === "inputDataItem" ? "bpmn:DataInput" : "bpmn:DataOutput";
    const id = (owner.get(name) || {}).id || `${getBusinessObject(element).id}_${name === "inputDataItem" ? "item" : "given"}`;
    this.set(element, owner, { [name]: text ? this.make(type, owner, { id, name: text }) : undefined });
  }

  definitions() {
    return this.modeler.getDefinitions();
  }

  rootElements(type) {
    return (this.definitions().get("rootElements") || []).filter((one) => is(one, type));
  }

  addRoot(element, type, values) {
    const all = this.definitions();
    const fresh = this.make(type, all, values);
    this.modeling.updateModdleProperties(element, all, { rootElements: all.get("rootElements").concat(fresh) });
    return fresh;
  }
}

// bpmn-moddle drops references that name nothing in the file.
const DRAWN = ["sourceRef", "targetRef", "flowNodeRef", "attachedToRef", "processRef", "bpmnElement",
  "default", "incoming", "outgoing", "messageRef", "dataObjectRef", "dataStoreRef"];

export function keepReferences(modeler) {
  modeler.on("import.parse.complete", 2000, ({ references, elementsById }) => {
    (references || []).forEach(({ element, property, id }) => {
      const name = property.split(":").pop();
      if (!(elementsById && elementsById[id]) && DRAWN.indexOf(name) === -1) {
        const described = element.$descriptor.propertiesByName[property];
        if (described.isMany) {
          element.get(name).push({ id });
        } else {
          element.set(name, { id });
        }
      }
    });
  });
}
