// A long piece of work goes on by itself: follows the link to its next part, with the place kept.
const next = document.querySelector("[data-going]");
if (next) { setTimeout(() => location.replace(next.href), 300); }
