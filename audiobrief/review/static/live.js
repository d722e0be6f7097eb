/** What happens on the server while the page is open, and whether there is a server at all. */

import { $ } from "./dom.js";

const AGAIN_MS = 1000;

/**
 * Listen until the page is closed.
 * @param {{event: (data: any) => void, back: () => void}} hear `back`: the server answers (again)
 * @returns {{doubt: () => void}} to be told that a request found no server
 */
export function listen({ event, back }) {
  let source;
  let timer = 0;
  const gone = (isGone) => {
    const banner = $("gone");
    if (banner.hidden !== isGone) return;
    banner.hidden = !isGone;
    banner.textContent = isGone
      ? "The review server does not answer. What you do is kept here and sent when it is back: start “audiobrief review” again." : "";
    document.body.classList.toggle("offline", isGone);
  };
  const open = () => {
    source?.close();
    source = new EventSource("/api/events");
    source.onopen = () => { gone(false); back(); };
    source.onmessage = (message) => event(JSON.parse(message.data));
    source.onerror = () => {
      gone(true);
      // The browser tries again by itself unless the answer was an error.
      clearTimeout(timer);
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS);
    };
  };
  open();
  window.addEventListener("pagehide", () => source.close());
  window.addEventListener("pageshow", (shown) => { if (shown.persisted) open(); });
  return {
    doubt() {
      gone(true);
      if (source.readyState !== EventSource.CONNECTING) open();
    },
  };
}
