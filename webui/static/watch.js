// Watch a case: reads its entries as they stream, lights them on its drawings, plays them.
import { openDrawing } from "./diagram.js";
import { isTyping } from "./keys.js";

const BEAT = 1600; // milliseconds an entry stays at single speed

export function startWatch() {
  const root = document.querySelector("[data-watch]");
  const watch = new Watch(root);
  watch.start().catch(() => watch.fail());
}

class Watch {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(`[data-${name}]`);
    this.links = Array.from(root.querySelectorAll("[data-entry]"));
    this.steps = [];
    this.first = new Map(); // "home#element" -> the first step that passed it
    this.drawings = new Map(); // home -> promise of {box, viewer, lit}
    this.now = -1;
    this.timer = 0;
    this.turn = 0;
  }

  async start() {
    this.find("player").hidden = false;
    this.find("loading").hidden = false;
    this.listen();
    const wanted = this.asked();
    let shown = false;
    for await (const step of lines(this.root.getAttribute("data-watch"))) {
      this.take(step);
      if (!shown && this.steps.length > wanted) {
        shown = true;
        await this.go(wanted);
      }
    }
    if (!shown) { await this.go(0); }
    this.root.setAttribute("data-ready", "");
  }

  asked() {
    const seq = location.hash.slice(1);
    const found = this.links.findIndex((link) => link.querySelector(".num").textContent === seq);
    return Math.max(found, 0);
  }

  take(step) {
    const n = this.steps.push(step) - 1;
    step.passed.forEach((key) => { if (!this.first.has(key)) { this.first.set(key, n); } });
  }

  fail() {
    this.pause();
    this.find("moment").textContent = this.root.getAttribute("data-failed");
  }

  // Moving -------------------------------------------------------------------------------------

  listen() {
    const slider = this.find("slider");
    slider.addEventListener("input", () => this.go(Number(slider.value)));
    this.root.addEventListener("click", (event) => {
      const link = event.target.closest("[data-entry]");
      const button = event.target.closest("[data-go]");
      if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        this.pause();
        this.go(Number(link.getAttribute("data-entry")));
      }
      if (button) { this.press(button.getAttribute("data-go")); }
    });
    this.find("speed").addEventListener("change", () => { if (this.timer) { this.play(); } });
    document.addEventListener("keydown", (event) => this.key(event));
  }

  press(what) {
    if (what === "play") {
      if (this.timer) { this.pause(); } else { this.play(); }
      return;
    }
    this.pause();
    const last = this.steps.length - 1;
    this.go({ first: 0, back: this.now - 1, forward: this.now + 1, last }[what]);
  }

  key(event) {
    const keys = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last", " ": "play" };
    const what = keys[event.key];
    const target = event.target;
    const slides = target === this.find("slider");
    if (!what || event.defaultPrevented || event.shiftKey || (isTyping(event) && !slides)) { return; }
    if (slides && what !== "play") { return; } // the slider knows its own keys
    if (what === "play" && target.closest("button, a, summary, select")) { return; }
    if (target.closest("[role=dialog]")) { return; }
    event.preventDefault();
    this.press(what);
  }

  play() {
    this.pause();
    if (this.now >= this.steps.length - 1) { this.go(0); }
    const beat = BEAT / Number(this.find("speed").value);
    this.timer = window.setInterval(() => {
      if (this.now >= this.links.length - 1) { this.pause(); } else { this.go(this.now + 1); }
    }, beat);
    this.word("pause");
  }

  pause() {
    window.clearInterval(this.timer);
    this.timer = 0;
    this.word("play");
  }

  word(name) {
    this.find("word").textContent = this.root.getAttribute(`data-${name}`);
  }

  // Showing ------------------------------------------------------------------------------------

  async go(to) {
    const n = Math.min(Math.max(to, 0), this.steps.length - 1);
    if (n < 0 || n === this.now) { return; }
    this.now = n;
    const turn = ++this.turn;
    const step = this.steps[n];
    this.tell(n, step);
    const [home] = split(step.at || step.here[0] || "process.bpmn#");
    const drawing = await this.drawing(home);
    if (turn !== this.turn) { return; } // somebody moved on meanwhile
    this.drawings.forEach((one) => one.then((each) => { each.box.hidden = each !== drawing; }));
    this.light(drawing, home, n, step);
  }

  tell(n, step) {
    this.find("moment").innerHTML = step.html;
    const heading = this.find("moment").querySelector("h3");
    const said = `${n + 1} / ${this.links.length} · ${heading.textContent}`;
    heading.remove();
    this.find("say").textContent = said;
    const slider = this.find("slider");
    slider.value = String(n);
    slider.setAttribute("aria-valuetext", said);
    this.links.forEach((link) => link.removeAttribute("aria-current"));
    const link = this.links[n];
    link.setAttribute("aria-current", "step");
    reveal(this.find("list"), link);
  }

  drawing(home) {
    if (!this.drawings.has(home)) { this.drawings.set(home, this.open(home)); }
    return this.drawings.get(home);
  }

  async open(home) {
    const address = `${this.root.getAttribute("data-drawing")}?home=${encodeURIComponent(home)}`;
    const xml = await fetch(address, { credentials: "same-origin" }).then(sound).then((r) => r.text());
    const box = document.createElement("div");
    box.className = "plane";
    this.find("canvas").appendChild(box);
    const viewer = await openDrawing(box, xml, this.root.getAttribute("data-lang"));
    viewer.get("canvas").zoom("fit-viewport", "auto");
    return { box, viewer, lit: new Map() };
  }

  // What is lit on a drawing after step n: only what differs from before is touched.
  light(drawing, home, n, step) {
    const canvas = drawing.viewer.get("canvas");
    const registry = drawing.viewer.get("elementRegistry");
    const wanted = new Map();
    const put = (mark) => (key) => {
      const [where, id] = split(key);
      if (where === home && registry.get(id)) { wanted.set(`${mark}#${id}`, [mark, id]); }
    };
    this.first.forEach((from, key) => { if (from <= n) { put("past")(key); } });
    step.here.forEach(put("here"));
    step.wrong.forEach(put("wrong"));
    if (step.at) { put("at")(step.at); }
    drawing.lit.forEach(([mark, id], key) => { if (!wanted.has(key)) { canvas.removeMarker(id, mark); } });
    wanted.forEach(([mark, id], key) => { if (!drawing.lit.has(key)) { canvas.addMarker(id, mark); } });
    drawing.lit = wanted;
    this.badge(drawing, wanted);
    const focus = registry.get(split(step.at)[1]) || registry.get(split(step.here[0])[1]);
    if (focus) { show(canvas, focus, drawing.box); }
  }

  badge(drawing, wanted) {
    const overlays = drawing.viewer.get("overlays");
    overlays.clear();
    const words = { here: `▶ ${this.root.getAttribute("data-here")}`, wrong: "!", at: "●" };
    const side = { here: { top: -10, left: 4 }, wrong: { bottom: 8, right: 12 }, at: { top: -10, right: 14 } };
    wanted.forEach(([mark, id]) => {
      if (!words[mark]) { return; }
      const html = document.createElement("div");
      html.className = `badge ${mark}`;
      html.textContent = words[mark];
      overlays.add(id, { position: side[mark], html });
    });
  }
}

function split(key) {
  const at = (key || "").lastIndexOf("#");
  return at < 0 ? ["", ""] : [key.slice(0, at), key.slice(at + 1)];
}

// The plane that holds it, moved only when it lies outside what is seen.
function show(canvas, element, box) {
  const root = canvas.findRoot(element);
  if (root && root !== canvas.getRootElement()) {
    canvas.setRootElement(root);
    canvas.zoom("fit-viewport", "auto");
  }
  const seen = canvas.viewbox();
  const x = element.x === undefined ? element.waypoints[0].x : element.x + element.width / 2;
  const y = element.y === undefined ? element.waypoints[0].y : element.y + element.height / 2;
  const small = seen.scale < 0.55;
  const inside = x > seen.x && x < seen.x + seen.width && y > seen.y && y < seen.y + seen.height;
  if (small || !inside) {
    const scale = Math.max(seen.scale, 0.8);
    const width = Math.max(box.clientWidth, 200) / scale;
    const height = Math.max(box.clientHeight, 120) / scale;
    canvas.viewbox({ x: x - width / 2, y: y - height / 2, width, height });
  }
}

// Scrolls the list alone: the page stays where the reader is.
function reveal(list, link) {
  const top = link.getBoundingClientRect().top - list.getBoundingClientRect().top;
  if (top < 0 || top + link.offsetHeight > list.clientHeight) {
    list.scrollTop += top - list.clientHeight / 3;
  }
}

function sound(response) {
  if (!response.ok) { throw new Error(String(response.status)); }
  return response;
}

// One JSON object a line, as they arrive.
async function* lines(address) {
  const response = sound(await fetch(address, { credentials: "same-origin", cache: "no-store" }));
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value || new Uint8Array(), { stream: !done });
    const whole = rest.split("\n");
    rest = whole.pop();
    for (const line of whole) { yield JSON.parse(line); }
    if (done) { return; }
  }
}
