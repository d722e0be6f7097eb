/** What happens on the server, and whether there is one. */

import { $, tell } from "./dom.js";

export function listen({ event, back }) {
	let source;
	const isGone = (gone) => {
		if ($("gone").hidden !== gone) return;
		$("gone").hidden = !gone;
		$("gone").textContent = gone ? "The server does not answer. Marks and typed words are kept, and sent when it is back: audiobrief review" : "";
		if (document.querySelector("dialog[open]")) tell(`The server ${gone ? "does not answer" : "is back"}`, gone);
	};
	const open = () => {
		source?.close();
		source = new EventSource("/api/events");
		source.onopen = () => { isGone(false); back(); };
		source.onmessage = (message) => event(JSON.parse(message.data));
		source.onerror = () => {
			isGone(true);
			// The browser tries again, unless the answer was an error.
			if (source.readyState === EventSource.CLOSED) setTimeout(open, 1000);
		};
	};
	open();
	return () => {
		isGone(true);
		if (source.readyState === EventSource.OPEN) open();
	};
}
