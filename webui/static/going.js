// A long piece of work goes on by itself: the next part is a link to follow or a form to send.
const next = document.querySelector("[data-going]");
if (next) { setTimeout(() => (next.href ? location.replace(next.href) : next.submit()), Number(next.dataset.going) || 300); }
