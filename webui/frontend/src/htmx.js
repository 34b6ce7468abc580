// htmx, lowered to the browser floor: its shipped file needs a newer Chromium. Settings: meta[name=htmx-config].
import htmx from "htmx.org/dist/htmx.esm.js";

window.htmx = htmx;
