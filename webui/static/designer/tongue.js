// English readers see English on the canvas: the label and its translation change places while it is drawn.
const EN = "en";
const ZH = "zh";

export function toScreen(xml, lang) {
  return lang === EN ? swapped(xml, EN, ZH) : xml;
}

export function toFile(xml, lang) {
  return lang === EN ? swapped(xml, ZH, EN) : xml;
}

function swapped(xml, from, to) {
  const page = new DOMParser().parseFromString(xml, "application/xml");
  if (page.getElementsByTagName("parsererror").length) { return xml; }
  Array.from(page.getElementsByTagNameNS("*", "translation")).forEach((words) => {
    const named = words.parentNode.parentNode;
    const meant = words.getAttribute("target") === "@name" && words.getAttribute("xml:lang") === from;
    if (!meant || !named.hasAttribute("name")) { return; }
    const drawn = named.getAttribute("name");
    named.setAttribute("name", words.textContent.trim());
    words.textContent = drawn;
    words.setAttribute("xml:lang", to);
  });
  return new XMLSerializer().serializeToString(page);
}
