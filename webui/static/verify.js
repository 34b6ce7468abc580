// Compares a chosen or dropped file with the recorded digest, on this device. Browsers offer no
// WebCrypto over plain http, so SHA-256 (FIPS 180-4) is here.

const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) >>> 0;
const ROUNDS = primes.map((p) => fraction(Math.cbrt(p)));
const BEGIN = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
const turn = (x, n) => (x >>> n) | (x << (32 - n));

function block(state, view, at) {
  const w = new Uint32Array(64);
  for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const a = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
    const b = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
    w[i] = w[i - 16] + a + w[i - 7] + b;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i];
    const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) >>> 0, c, b, a, (one + two) >>> 0];
  }
  [a, b, c, d, e, f, g, h].forEach((x, i) => { state[i] += x; });
}

export function sha256(bytes) {
  const size = bytes.length;
  const padded = new Uint8Array((((size + 8) >> 6) + 1) << 6);
  padded.set(bytes);
  padded[size] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(size / 2 ** 29));
  view.setUint32(padded.length - 4, (size * 8) >>> 0);
  const state = Uint32Array.from(BEGIN);
  for (let at = 0; at < padded.length; at += 64) block(state, view, at);
  return [...state].map((x) => x.toString(16).padStart(8, "0")).join("");
}

const place = document.querySelector("[data-verify]");
const chosen = place.querySelector("input[type=file]");
const verdict = place.querySelector("[data-verdict]");

async function compare() {
  if (!chosen.files.length) return;
  const digest = sha256(new Uint8Array(await chosen.files[0].arrayBuffer()));
  const same = digest === place.dataset.verify;
  verdict.textContent = same ? place.dataset.same : place.dataset.other;
  verdict.className = same ? "note fine" : "note late";
}

chosen.addEventListener("change", compare);
place.addEventListener("dragover", (event) => event.preventDefault());
place.addEventListener("drop", (event) => {
  event.preventDefault();
  chosen.files = event.dataTransfer.files;
  compare();
});
