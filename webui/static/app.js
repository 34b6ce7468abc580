// Starts what a page asks for by its data attributes. Every page works without any of it.
import { startKeys } from "./keys.js";

startKeys();
if (document.querySelector("[data-poll]")) {
  import("./poll.js").then((module) => module.startPolling());
}
if (document.querySelector("form[data-draft]")) {
  import("./draft.js").then((module) => module.startDrafts());
}
if (document.querySelector("form[data-refresh]")) {
  import("./forms.js").then((module) => module.startForms());
}
if (document.querySelector("[data-diagram]")) {
  import("./diagram.js").then((module) => module.showDiagrams());
}
if (document.querySelector("[data-watch]")) {
  import("./watch.js").then((module) => module.startWatch());
}
document.querySelectorAll(".scroll").forEach((box) => {
  // What scrolls sideways must be reachable by keyboard; what does not needs no stop.
  if (box.scrollWidth > box.clientWidth) { box.tabIndex = 0; }
});
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && form.hasAttribute("data-submit-on-change")) {
    form.submit();
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) {
    window.print();
  }
});
document.addEventListener("submit", (event) => {
  // A second press of the same button while the first is on its way is not sent.
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) {
    return;
  }
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("data-sent", "");
  window.addEventListener("pageshow", () => form.removeAttribute("data-sent"), { once: true });
});
