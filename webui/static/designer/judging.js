// A scenario's text with its line numbers, and what is wrong with it as it is typed, line by line beside it.
const PAUSE = 400;
const CSRF = document.querySelector("meta[name=csrf]").content;

class Judged {
  constructor(box) {
    this.box = box;
    this.area = box.querySelector("textarea");
    this.numbers = box.querySelector("pre");
    this.told = box.querySelector(".faults");
    this.turn = 0;
    this.timer = 0;
    this.area.addEventListener("input", () => {
      this.number();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.judge(), PAUSE);
    });
    this.area.addEventListener("scroll", () => { this.numbers.scrollTop = this.area.scrollTop; });
    this.link();
    this.number();
  }

  number() {
    const wrong = new Set(Array.from(this.told.querySelectorAll("[data-at]"), (one) => Number(one.dataset.at)));
    const count = this.area.value.split("\n").length;
    this.numbers.replaceChildren(...Array.from({ length: count }, (_, at) => {
      const line = document.createElement("span");
      line.textContent = `${at + 1}`;
      if (wrong.has(at + 1)) { line.className = "wrong"; }
      return line;
    }));
    this.numbers.scrollTop = this.area.scrollTop;
  }

  async judge() {
    this.turn += 1;
    const turn = this.turn;
    const found = await fetch(this.box.dataset.judged, {
      method: "POST", body: this.area.value, credentials: "same-origin",
      headers: { "X-CSRF-Token": CSRF, "Content-Type": "text/plain; charset=utf-8", Accept: "application/json" },
    }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
    if (turn !== this.turn || !found) { return; }
    this.told.replaceChildren(...(found.length ? found.map((one) => this.row(one)) : [this.fine()]));
    this.area.setAttribute("aria-invalid", String(found.length > 0));
    this.link();
    this.number();
  }

  row({ line, text }) {
    const row = document.createElement("p");
    const where = document.createElement("b");
    where.textContent = this.box.dataset.line.replace("~", line);
    row.className = "wrong";
    row.dataset.at = line;
    row.append(where, ` ${text}`);
    return row;
  }

  fine() {
    const row = document.createElement("p");
    row.className = "state fine";
    row.textContent = `✓ ${this.box.dataset.fine}`;
    return row;
  }

  // Each line number leads into the text.
  link() {
    this.told.querySelectorAll("[data-at] > b").forEach((where) => {
      const go = document.createElement("button");
      go.type = "button";
      go.className = "link";
      go.textContent = where.textContent;
      go.addEventListener("click", () => this.go(Number(go.parentNode.dataset.at)));
      where.replaceWith(go);
    });
  }

  go(line) {
    const lines = this.area.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    this.area.focus();
    this.area.setSelectionRange(start, start + (lines[line - 1] || "").length);
    this.area.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(this.area).lineHeight));
  }
}

document.querySelectorAll("[data-judged]").forEach((box) => { new Judged(box); });
