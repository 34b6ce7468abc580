// Proves a case or a dossier taken away, in a browser without network.
// The same steps, in the same order and with the same words, as engine/proofs/verifier.py.
import { unzipSync } from "fflate";

class Fault extends Error {
  constructor(zh, en) {
    super(en);
    this.said = [zh, en];
  }
}

const utf8 = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder().decode(bytes);
const digest = async (name, bytes) => new Uint8Array(await crypto.subtle.digest(name, bytes));
const sha256 = (bytes) => digest("SHA-256", bytes);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (digits) => Uint8Array.from(digits.match(/../g) || [], (pair) => parseInt(pair, 16));
const same = (one, other) => hex(one) === hex(other);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

function unbase64(encoded) {
  try {
    return Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

// Ed25519, RFC 8032 ----------------------------------------------------------------------------

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (number) => ((number % P) + P) % P;

function power(number, exponent) {
  let found = 1n;
  for (let factor = mod(number), left = exponent; left; left >>= 1n, factor = mod(factor * factor))
    if (left & 1n) found = mod(found * factor);
  return found;
}

const D = mod(-121665n * power(121666n, P - 2n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);
const little = (bytes) => BigInt(`0x${hex(Uint8Array.from(bytes).reverse()) || "0"}`);

function add(a, b) {
  const low = mod((a[1] - a[0]) * (b[1] - b[0]));
  const high = mod((a[1] + a[0]) * (b[1] + b[0]));
  const twisted = mod(2n * a[3] * b[3] * D);
  const doubled = mod(2n * a[2] * b[2]);
  const [e, f, g, h] = [high - low, doubled - twisted, doubled + twisted, high + low];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(factor, point) {
  let total = [0n, 1n, 1n, 0n];
  for (let left = factor, each = point; left; left >>= 1n, each = add(each, each))
    if (left & 1n) total = add(total, each);
  return total;
}

function pointOf(encoded) {
  const number = little(encoded);
  const odd = number >> 255n;
  const y = number & (2n ** 255n - 1n);
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x - square)) x = mod(x * ROOT_OF_MINUS_ONE);
  if (y >= P || mod(x * x - square) || (odd && !x)) return null;
  if ((x & 1n) !== odd) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

const BASE_Y = mod(4n * power(5n, P - 2n));
const BASE = pointOf(unhex(BASE_Y.toString(16).padStart(64, "0")).reverse());

async function ed25519(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const [public_, commitment] = [pointOf(key), pointOf(signature.slice(0, 32))];
  const answer = little(signature.slice(32));
  if (!public_ || !commitment || answer >= ORDER) return false;
  const challenge = await digest("SHA-512", joined(signature.slice(0, 32), key, message));
  const found = times(answer, BASE);
  const expected = add(commitment, times(little(challenge) % ORDER, public_));
  const across = mod(found[0] * expected[2] - expected[0] * found[2]);
  return !across && !mod(found[1] * expected[2] - expected[1] * found[2]);
}

// The log: RFC 9162 ----------------------------------------------------------------------------

const leafHash = (body) => sha256(joined([0], body));
const nodeHash = (left, right) => sha256(joined([1], left, right));

async function included(leaf, position, size, path, root) {
  if (!(position >= 0 && position < size)) return false;
  let [low, last, found] = [position, size - 1, leaf];
  const up = () => ([low, last] = [Math.floor(low / 2), Math.floor(last / 2)]);
  for (const node of path) {
    if (last === 0) return false;
    if (low % 2 || low === last) {
      found = await nodeHash(node, found);
      while (low && low % 2 === 0) up();
    } else {
      found = await nodeHash(found, node);
    }
    up();
  }
  return last === 0 && same(found, root);
}

// Checkpoints: C2SP signed notes ---------------------------------------------------------------

const keyBytes = (key) => unbase64(key.split("+").slice(2).join("+")).slice(1);

async function openNote(note, key) {
  const [name, mark] = key.split("+");
  const end = note.indexOf("\n\n");
  const [told, signatures] = end < 0 ? [note, ""] : [note.slice(0, end), note.slice(end + 2)];
  for (const line of signatures.split("\n")) {
    const [dash, signer, signed = ""] = line.split(" ");
    const raw = unbase64(signed);
    const ours = dash === "\u2014" && signer === name && hex(raw.slice(0, 4)) === mark;
    if (ours && (await ed25519(keyBytes(key), utf8(`${told}\n`), raw.slice(4)))) return told.split("\n");
  }
  throw new Fault("检查点的签名不成立", "the signature of the checkpoint does not hold");
}

async function readKeys(notes) {
  const keys = [];
  for (const note of notes) {
    const lines = note.split("\n");
    if (lines.length < 5 || lines[0] !== "liandiao key")
      throw new Fault("不是签名密钥的记录", "this is no record of a signing key");
    const opened = await openNote(note, keys.length ? keys[keys.length - 1][1] : lines[2]);
    keys.push([Number(opened[1]), opened[2]]);
  }
  const first = keys.length ? keys[0][1] : "";
  const origin = `liandiao/${hex(await sha256(keyBytes(first))).slice(0, 32)}`;
  if (first.split("+")[0] !== origin)
    throw new Fault("首个密钥与日志名称不符", "the first key is not the one the log is named by");
  return keys;
}

async function readCheckpoint(note, keys) {
  const lines = note.split("\n");
  const size = lines.length > 3 && /^\d+$/.test(lines[1]) ? Number(lines[1]) : 0;
  const inForce = keys.filter(([since]) => since < size);
  if (!inForce.length || lines[0] !== keys[0][1].split("+")[0])
    throw new Fault("检查点不属于这个日志", "this is no checkpoint of this log");
  await openNote(note, inForce[inForce.length - 1][1]);
  return [lines[0], size, unbase64(lines[2])];
}

async function checkReceipt(receipt) {
  const [origin, size, root] = await readCheckpoint(receipt.checkpoint, await readKeys(receipt.keys));
  const leaf = await leafHash(utf8(receipt.body));
  if (!(await included(leaf, receipt.position, size, receipt.proof.map(unhex), root)))
    throw new Fault("这条日志不在检查点所签的日志中", "the entry is not in the log that was signed");
  return [origin, size, leaf];
}

// What was taken away --------------------------------------------------------------------------

export async function* prove(files) {
  const homes = Object.keys(files).filter((name) => name.endsWith("receipt.json")).sort();
  for (const home of homes.length ? homes.map((name) => name.slice(0, -12)) : [""]) {
    if (home) yield [`${home} 部分`, `part ${home}`];
    const own = Object.keys(files).filter((name) => name.startsWith(home));
    yield* part(Object.fromEntries(own.map((name) => [name.slice(home.length), files[name]])));
  }
  const about = JSON.parse(text(files["dossier/about.json"] || utf8("{}")));
  for (const one of about.cases || [])
    if (!homes.some((name) => name.endsWith(`-${one}/receipt.json`)))
      throw new Fault(`缺少办件 ${one}`, `case ${one} is missing`);
}

async function* part(files) {
  const receipt = JSON.parse(text(files["receipt.json"]));
  const [origin, size, leaf] = await checkReceipt(receipt);
  yield [
    `检查点由 ${origin} 签名，含 ${size} 条；末条日志在其中第 ${receipt.position} 位`,
    `checkpoint signed by ${origin}, ${size} entries; the last entry stands at ${receipt.position}`,
  ];
  const entries = await chain(files, receipt.stream, leaf);
  yield [`日志 ${entries.length} 条，逐条相连`, `${entries.length} journal entries, each linked`];
  const told = { kept: 0, erased: 0, withheld: 0 };
  for (const [line, body] of entries) told[await content(line, body)] += 1;
  yield [
    `内容与承诺一致 ${told.kept} 条，依法销毁 ${told.erased} 条，健康数据不随附 ${told.withheld} 条`,
    `${told.kept} contents as committed to, ${told.erased} lawfully destroyed, ${told.withheld} withheld as health data`,
  ];
  const erased = entries.map(([line]) => line.certificate).filter((one) => one && !isWithheld(one));
  if (erased.length) yield await certified(files, [origin, receipt.stream], erased);
  const gone = entries.findIndex(([line]) => line.certificate);
  let outcomes = 0;
  for (const [line, body] of gone < 0 ? entries : entries.slice(0, gone))
    outcomes += await outcome(files, line, body);
  yield [`每步结果与承诺一致 ${outcomes} 步`, `${outcomes} outcomes as committed to`];
  await ranOn(files, entries);
  yield ["所用规程版本、日历与设置一致", "release, calendars and settings are those it ran on"];
  const attached = Object.keys(files).filter((name) => name.startsWith("files/"));
  for (const name of attached)
    if (hex(await sha256(files[name])) !== name.slice(6, 70))
      throw new Fault(`文件 ${name} 被改动`, `${name} was altered`);
  yield [`文件 ${attached.length} 个一致`, `${attached.length} files as named`];
}

async function chain(files, stream, leaf) {
  const entries = [];
  let before = new Uint8Array();
  for (const [seq, written] of text(files["journal.jsonl"]).split("\n").entries()) {
    const line = JSON.parse(written);
    const body = JSON.parse(line.body);
    if (body.stream !== stream || body.seq !== seq)
      throw new Fault(`第 ${seq} 条缺失、重复或次序有误`, `entry ${seq} is missing, doubled or moved`);
    if (body.previous !== hex(before))
      throw new Fault(`第 ${seq} 条与前一条不相连`, `entry ${seq} does not link to the one before`);
    before = await leafHash(utf8(line.body));
    entries.push([line, body]);
  }
  if (!same(before, leaf))
    throw new Fault("日志的末条不是回执所证的那一条", "the last entry is not the one that is proved");
  return entries;
}

const isWithheld = (certificate) => certificate.startsWith("health data");

async function content(line, body) {
  if (line.certificate) return isWithheld(line.certificate) ? "withheld" : "erased";
  if (hex(await sha256(utf8(line.payload))) !== body.payload)
    throw new Fault(`第 ${body.seq} 条的内容被改动`, `the content of entry ${body.seq} was altered`);
  return "kept";
}

async function certified(files, [log, stream], erased) {
  const [number] = erased;
  if (!files["certificate.json"])
    throw new Fault(`没有附上销毁证明 ${number} 的日志`, `the entry of certificate ${number} is missing`);
  const { receipt, payload } = JSON.parse(text(files["certificate.json"]));
  const [origin] = await checkReceipt(receipt);
  const body = JSON.parse(receipt.body);
  const told = JSON.parse(payload).data;
  const isEntry = hex(await sha256(utf8(payload))) === body.payload;
  if (origin !== log || body.verb !== "destroy" || !isEntry)
    throw new Fault(`销毁证明 ${number} 被改动`, `certificate ${number} was altered`);
  if (erased.some((one) => one !== told.number) || erased.length > (told.streams[stream] || 0))
    throw new Fault(`销毁证明 ${told.number} 没有指明这些内容`, `certificate ${told.number} does not name what is gone`);
  return [
    `销毁证明 ${number} 指明这些内容，在签名日志第 ${receipt.position} 位`,
    `certificate ${number} names them and stands in the signed log at ${receipt.position}`,
  ];
}

async function outcome(files, line, body) {
  if (!body.state) return 0;
  const told = files[`outcomes/${String(body.seq).padStart(5, "0")}.json`] || new Uint8Array();
  const salted = joined(utf8(JSON.parse(line.payload).salt), told);
  if (hex(await sha256(salted)) !== body.state)
    throw new Fault(`第 ${body.seq} 条的结果被改动`, `the outcome of entry ${body.seq} was altered`);
  return 1;
}

async function ranOn(files, entries) {
  for (const digest of new Set(entries.map(([, body]) => body.facts).filter(Boolean)))
    if (hex(await sha256(files[`facts/${digest}.json`] || new Uint8Array())) !== digest)
      throw new Fault(`日历与设置 ${digest.slice(0, 12)} 被改动`, `facts ${digest.slice(0, 12)} were altered`);
  for (const digest of new Set(entries.map(([, body]) => body.release).filter(Boolean)))
    await release(files, digest);
}

async function release(files, digest) {
  const home = `release/${digest}/`;
  const own = Object.keys(files).filter((name) => name.startsWith(home)).sort();
  const sums = [];
  for (const name of own)
    sums.push(`${JSON.stringify(name.slice(home.length))}:"${hex(await sha256(files[name]))}"`);
  if (hex(await sha256(utf8(`{${sums.join(",")}}`))) !== digest)
    throw new Fault(`规程版本 ${digest.slice(0, 12)} 被改动`, `release ${digest.slice(0, 12)} was altered`);
}

// The page -------------------------------------------------------------------------------------

/** Writes each line as it is proved and the verdict; gives whether all of it holds. */
export async function tell(content, say) {
  try {
    for await (const said of prove(unzipSync(content))) say(said[1].startsWith("part ") ? "part" : "ok", said);
    say("proved", ["已证实", "proved"]);
    return true;
  } catch (fault) {
    say("fault", fault.said || [`缺失或残缺：${fault.message}`, `missing or damaged: ${fault.message}`]);
    return false;
  }
}

const list = document.getElementById("told");
document.getElementById("file").addEventListener("change", async (event) => {
  list.textContent = "";
  const [chosen] = event.target.files;
  if (!chosen) return;
  const content = new Uint8Array(await chosen.arrayBuffer());
  await tell(content, (state, said) => {
    const line = list.appendChild(document.createElement("li"));
    line.className = state;
    line.textContent = said.join(" · ");
  });
});
