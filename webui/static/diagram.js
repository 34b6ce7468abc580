// Draws a case's diagram and marks where it has been and where it is.
import { showPlanes } from "./plane.js";
import { NavigatedViewer } from "./vendor/viewer.js";

const FONT = getComputedStyle(document.documentElement).fontFamily;

export function showDiagrams() {
  document.querySelectorAll("[data-diagram]").forEach((box) => {
    show(box).catch(() => { box.textContent = box.getAttribute("data-failed") || ""; });
  });
}

async function show(box) {
  const [xml, marks] = await Promise.all([
    fetch(box.getAttribute("data-diagram"), { credentials: "same-origin" }).then((r) => r.text()),
    fetch(box.getAttribute("data-marks"), { credentials: "same-origin" }).then((r) => r.json()),
  ]);
  const viewer = await openDrawing(box, xml, box.getAttribute("data-lang"));
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  Object.keys(marks).forEach((mark) => {
    marks[mark].filter((id) => registry.get(id)).forEach((id) => canvas.addMarker(id, mark));
  });
  frameHere(canvas, registry.get((marks.here || [])[0]), box);
  leadOn(viewer, box.getAttribute("data-go"));
  box.classList.add("drawn");
}

// Pressing an element that is lit leads to what is done there, or was.
function leadOn(viewer, address) {
  if (!address) { return; }
  viewer.on("element.click", ({ element, gfx }) => {
    const lit = gfx.classList.contains("here") || gfx.classList.contains("past");
    if (lit && !element.waypoints) { location.assign(`${address}?element=${encodeURIComponent(element.id)}#now`); }
  });
}

// A viewer in a box over a drawing, its names in the reader's language.
export async function openDrawing(box, xml, lang) {
  const viewer = new NavigatedViewer({
    container: box,
    additionalModules: [{ translate: ["value", saying(lang)] }],
    textRenderer: {
      defaultStyle: { fontFamily: FONT, fontSize: 12 },
      externalStyle: { fontFamily: FONT, fontSize: 11 },
    },
  });
  showPlanes(viewer);
  await viewer.importXML(translated(xml, lang));
  return viewer;
}

// The viewer says one thing itself: what the button of a sub-process does.
function saying(lang) {
  return (text, { element } = {}) => (element ? `${lang === "en" ? "Open" : "打开"} ${element}` : text);
}

function frameHere(canvas, element, box) {
  if (!element) {
    canvas.zoom("fit-viewport", "auto");
    return;
  }
  const root = canvas.findRoot(element);
  if (root) { canvas.setRootElement(root); }
  const width = Math.max(box.clientWidth, 200) * 1.25;
  const height = Math.max(box.clientHeight, 120) * 1.25;
  canvas.viewbox({
    x: element.x + element.width / 2 - width / 2,
    y: element.y + element.height / 2 - height / 2,
    width,
    height,
  });
}

// English labels ride in the i18n extension; the viewer only draws the attribute `name`.
function translated(xml, lang) {
  if (lang !== "en") { return xml; }
  const page = new DOMParser().parseFromString(xml, "application/xml");
  const found = page.getElementsByTagNameNS("*", "translation");
  Array.from(found).forEach((words) => {
    const says = words.getAttribute("xml:lang") === "en" && words.getAttribute("target") === "@name";
    const named = words.parentNode.parentNode;
    if (says && named.hasAttribute("name")) { named.setAttribute("name", words.textContent.trim()); }
  });
  return new XMLSerializer().serializeToString(page);
}
