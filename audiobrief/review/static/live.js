/** What happens on the server while the page is open, and whether there is a server at all. */

import { $ } from "./dom.js";

/** @param {{event: Function, back: Function}} hear `back`: the server answers (again) @returns {Function} for doubt about it */
export function listen({ event, back }) {
	let source;
	const isGone = (gone) => {
		if ($("gone").hidden !== gone) return;
		$("gone").hidden = !gone;
		$("gone").textContent = gone ? "The review server does not answer. What you do is kept here, and sent as soon as it is back: audiobrief review" : "";
	};
	const open = () => {
		source?.close();
		source = new EventSource("/api/events");
		source.onopen = () => { isGone(false); back(); };
		source.onmessage = (message) => event(JSON.parse(message.data));
		source.onerror = () => {
			isGone(true);
			// The browser tries again by itself, unless the answer was an error.
			if (source.readyState === EventSource.CLOSED) setTimeout(open, 1000);
		};
	};
	open();
	// Kept alive behind another page, it would hold one of the browser's six connections.
	addEventListener("pagehide", () => source.close());
	addEventListener("pageshow", (shown) => { if (shown.persisted) open(); });
	return () => {
		isGone(true);
		if (source.readyState === EventSource.OPEN) open();
	};
}
