// The signature pad: strokes drawn by finger, pen or mouse become numbers in a hidden field.
// The server makes the picture. Without a script, or without drawing, a photo of the paper does.

const THIN = 3;
const THICK = 9;

export function startPads(root) {
  root.querySelectorAll("[data-sign]").forEach(pad);
}

function pad(box) {
  const canvas = box.querySelector("canvas");
  const field = box.querySelector("[data-strokes]");
  const state = box.querySelector("[data-state]");
  const pen = canvas.getContext("2d");
  const strokes = [];
  let current = null;
  box.querySelectorAll("[data-pad]").forEach((part) => { part.hidden = false; });

  function point(event) {
    const edge = canvas.getBoundingClientRect();
    const x = (event.clientX - edge.left) * canvas.width / edge.width;
    const y = (event.clientY - edge.top) * canvas.height / edge.height;
    return [Math.round(x), Math.round(y), Math.round((event.pressure || 0.5) * 100)];
  }

  function draw() {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.lineCap = "round";
    pen.lineJoin = "round";
    pen.strokeStyle = "#111";
    strokes.forEach((stroke) => {
      const pressure = stroke.reduce((sum, one) => sum + one[2], 0) / stroke.length;
      pen.lineWidth = THIN + (THICK - THIN) * pressure / 100;
      pen.beginPath();
      stroke.forEach(([x, y], number) => { if (number) { pen.lineTo(x, y); } else { pen.moveTo(x, y); } });
      pen.lineTo(stroke[stroke.length - 1][0], stroke[stroke.length - 1][1]);
      pen.stroke();
    });
  }

  function keep() {
    field.value = strokes.length ? JSON.stringify(strokes) : "";
    box.classList.toggle("signed", strokes.length > 0);
    state.textContent = strokes.length ? state.getAttribute("data-signed") : "";
    draw();
  }

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    current = [point(event)];
    strokes.push(current);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current) { return; }
    const coalesced = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    (coalesced.length ? coalesced : [event]).forEach((one) => current.push(point(one)));
    draw();
  });
  ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => {
    current = null;
    keep();
  }));
  box.querySelector("[data-undo]").addEventListener("click", () => { strokes.pop(); keep(); });
  box.querySelector("[data-clear]").addEventListener("click", () => { strokes.length = 0; keep(); });
}
