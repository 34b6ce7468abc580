// Sends what is typed in a task's form to the server within three seconds of a key.

const PAUSE = 1200;
const LATEST = 2800;

export function startDrafts() {
  document.querySelectorAll("form[data-draft]").forEach(keep);
}

function keep(form) {
  const said = document.querySelector("[data-draft-said]");
  let firstAt = 0;
  let timer = 0;
  let sending = false;

  function touched() {
    const now = Date.now();
    firstAt = firstAt || now;
    clearTimeout(timer);
    timer = setTimeout(send, Math.max(0, Math.min(PAUSE, firstAt + LATEST - now)));
  }

  async function send() {
    clearTimeout(timer);
    if (!firstAt || sending) { return; }
    firstAt = 0;
    sending = true;
    try {
      const answer = await fetch(form.getAttribute("data-draft"), {
        method: "POST",
        body: typed(form),
        headers: { Accept: "application/json", "X-CSRF-Token": csrf() },
        credentials: "same-origin",
        keepalive: true,
      });
      const told = await answer.json();
      say(answer.ok ? told.said : told.message, answer.ok);
    } catch (error) {
      firstAt = Date.now();
      say(said.getAttribute("data-failed"), false);
      timer = setTimeout(send, LATEST);
    }
    sending = false;
    if (firstAt) { touched(); }
  }

  function say(sentence, fine) {
    said.textContent = sentence;
    said.classList.toggle("late", !fine);
  }

  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("focusout", send);
  form.addEventListener("submit", () => { firstAt = 0; clearTimeout(timer); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) { send(); } });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      firstAt = firstAt || Date.now();
      send();
    }
  });
}

function typed(form) {
  const body = new URLSearchParams();
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string" && name !== "csrf") { body.append(name, value); }
  });
  return body;
}

function csrf() {
  return document.querySelector("meta[name=csrf]").content;
}
