// The extension urn:liandiao:bpmn:1 for bpmn-moddle: what bpmn/README.md describes, nothing more.
const text = (name) => ({ name, isAttr: true, type: "String" });
const child = (name, names) => ({ name, superClass: ["Element"], properties: names.map(text) });

export const LD = {
  name: "Liandiao",
  uri: "urn:liandiao:bpmn:1",
  prefix: "ld",
  xml: { tagAlias: "lowerCase" },
  types: [
    {
      name: "Drawn",
      extends: ["bpmn:BaseElement"],
      properties: ["role", "org", "person", "party", "not", "operation", "result", "decision", "key", "clock"].map(text),
    },
    child("Basis", ["ref"]),
    child("Clock", ["rule", "starts", "pauses", "resumes", "ends", "extends", "from", "until"]),
    child("Effect", ["zh", "en", "ref", "outcome"]),
    child("Param", ["name", "value"]),
    child("Payload", ["name", "value"]),
  ],
};
