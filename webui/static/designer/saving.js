// Saves the drawing within three seconds of a change, over what was seen; a conflict is a choice, never a loss.
import { flush } from "./fields.js";

const PAUSE = 1000;
const LATEST = 2400;
const AGAIN = 3000;

// options: {url, csrf, dump() -> Promise<xml>, load(xml), say(key, values), state(text, kind), conflict(sentence), saved()}
export class Saving {
  constructor(options) {
    Object.assign(this, options, { etag: "", kept: "", firstAt: 0, timer: 0, busy: false, held: false });
    window.addEventListener("online", () => this.send());
    window.addEventListener("pagehide", () => this.send());
    window.addEventListener("beforeunload", (event) => { if (this.firstAt || this.busy) { this.send(); event.preventDefault(); } });
    document.addEventListener("visibilitychange", () => { if (document.hidden) { this.send(); } });
  }

  async open() {
    const answer = await fetch(this.url, { credentials: "same-origin" });
    if (!answer.ok) { throw new Error(String(answer.status)); }
    this.etag = answer.headers.get("ETag");
    return answer.text();
  }

  touch() {
    const now = Date.now();
    this.firstAt = this.firstAt || now;
    this.state(this.say("unsaved"), "");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), Math.max(0, Math.min(PAUSE, this.firstAt + LATEST - now)));
  }

  async send() {
    clearTimeout(this.timer);
    flush();
    if (!this.firstAt || this.busy || this.held) { return; }
    this.firstAt = 0;
    this.busy = true;
    try {
      await this.put(await this.dump());
    } catch (error) {
      this.firstAt = this.firstAt || Date.now();
      this.state(this.say("offline"), "late");
      this.timer = setTimeout(() => this.send(), AGAIN);
    }
    this.busy = false;
    if (this.firstAt && !this.held) { this.timer = setTimeout(() => this.send(), PAUSE); }
  }

  async put(xml) {
    if (xml === this.kept) {
      this.done();
      return;
    }
    const answer = await fetch(this.url, {
      method: "PUT",
      body: xml,
      headers: { "If-Match": this.etag, "X-CSRF-Token": this.csrf, Accept: "application/json", "Content-Type": "application/xml" },
      credentials: "same-origin",
      keepalive: xml.length < 20000,
    });
    if (answer.ok) {
      this.etag = answer.headers.get("ETag");
      this.kept = xml;
      this.done();
      this.saved();
    } else if (answer.status >= 500) {
      throw new Error(String(answer.status));
    } else {
      await this.refused(answer);
    }
  }

  done() {
    const at = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
    this.state(this.say("saved", { at }), "fine");
  }

  // Nothing is lost: the drawing stays on the screen, and saving waits for the choice.
  async refused(answer) {
    const told = await answer.json().catch(() => ({}));
    this.firstAt = this.firstAt || Date.now();
    this.held = true;
    this.state(this.say("not_saved"), "late");
    if (answer.status === 412) {
      this.conflict(told);
    } else {
      this.state(told.message || this.say("not_saved"), "late");
    }
  }

  async mine(etag) {
    this.etag = `"${etag}"`;
    this.held = false;
    this.firstAt = this.firstAt || Date.now();
    await this.send();
  }

  async theirs() {
    const xml = await this.open();
    this.held = false;
    this.firstAt = 0;
    await this.load(xml);
    this.done();
    this.saved();
  }
}
