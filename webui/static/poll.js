// Keeps a list fresh: asks every 20 s with the ETag it has, never while the page is hidden.

const EVERY = 20000;

export function startPolling() {
  const part = document.querySelector("[data-poll]");
  let tag = part.getAttribute("data-etag") || "";
  let timer = 0;

  async function ask() {
    try {
      const answer = await fetch(part.getAttribute("data-poll"), {
        headers: { "If-None-Match": tag, "X-Part": part.id },
        cache: "no-store",
        credentials: "same-origin",
      });
      if (answer.redirected || answer.status === 401) {
        location.reload();
      } else if (answer.status === 200 && !isBusy(part)) {
        tag = answer.headers.get("ETag") || "";
        renew(part, await answer.text());
      }
    } catch (error) {
      part.setAttribute("data-offline", "");
    }
    wait();
  }

  function wait() {
    clearTimeout(timer);
    timer = document.hidden ? 0 : setTimeout(ask, EVERY);
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? wait() : ask()));
  wait();
}

function isBusy(part) {
  // Somebody types or chooses in it right now: the next round will bring the news.
  const here = document.activeElement;
  return part.contains(here) && /^(INPUT|SELECT|TEXTAREA)$/.test(here.tagName);
}

function renew(part, html) {
  const focused = document.activeElement;
  const kept = part.contains(focused) ? focused.id : "";
  part.innerHTML = html;
  const again = kept && document.getElementById(kept);
  if (again) { again.focus(); }
}
