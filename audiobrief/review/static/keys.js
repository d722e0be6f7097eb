/** One key for everything; silent while one types, and switchable off. */

import { $, focused, tell, isTyping, memory, openDialog } from "./dom.js";
import { chosenWord } from "./cards.js";

export function bindKeys(app) {
	const isOn = $("keys-on");
	isOn.checked = memory.get("keys") ?? true;
	isOn.onchange = () => {
		memory.set("keys", isOn.checked);
		tell(`Keys are ${isOn.checked ? "on" : "off"}`);
	};
	$("help").onclick = () => openDialog($("keys"));
	const card = () => app.cards.get(app.current().id);
	const acts = {
		" ": () => app.player.toggle(), j: () => app.step(1), k: () => app.step(-1), enter: () => app.playSegment(app.current()),
		a: () => app.approveAndNext(), x: () => app.cards.needsFix(card()), e: () => app.edit(app.current()),
		s: () => app.sayAs(app.current(), chosenWord() || app.current().unknown[0]), u: () => app.undo(app.left?.focus === focused() ? app.left.segment : app.current()),
		"[": () => app.faster(-0.05), "]": () => app.faster(0.05), "/": () => $("search").focus(), "?": () => openDialog($("keys")),
	};
	addEventListener("keydown", (event) => {
		if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
		if (!isOn.checked || isTyping(event.target) || document.querySelector("dialog[open]") || !app.doc?.segments.length) return;
		const key = event.key.toLowerCase();
		const presses = event.target.closest?.("button, a, label, input") && [" ", "enter"].includes(key);
		if (!acts[key] || presses || (event.repeat && !"jk[]".includes(key))) return;
		event.preventDefault();
		acts[key]();
	});
}
