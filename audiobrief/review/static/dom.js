/** Elements, words, times. What comes from outside enters as text, never as HTML. */

export const $ = (id) => document.getElementById(id);

export function el(tag, attributes = {}, ...children) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
	}
	made.append(...children.filter((child) => child || child === 0));
	return made;
}

export const button = (label, attributes = {}, onclick = null) => Object.assign(el("button", { type: "button", ...attributes }, ...[label].flat()), { onclick });

export const actOf = (card, act) => card.querySelector(`[data-act="${act}"]`);

export function words(place, text) {
	const element = $(place) ?? place;
	if (element.textContent !== text) element.textContent = text;
}

export function attr(element, name, value) {
	if (value === null) element.removeAttribute(name);
	else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

export const count = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;

export const clock = (seconds) => new Date(Math.round(1000 * Math.max(0, seconds))).toISOString().slice(11, 19).replace(/^0(0:0?)?/, "");

export function spokenTime(seconds) {
	const numbers = clock(seconds).split(":").map(Number);
	return numbers.map((n, i) => count(n, ["second", "minute", "hour"][numbers.length - 1 - i])).filter((part) => !part.startsWith("0 m")).join(" ");
}

let [quiet, later] = [0, ""];
export function tell(text, isBad = false) {
	// What is behind an open dialog is not read out.
	const place = document.querySelector("dialog[open] > .toast") ?? $("say");
	// Equal words are read again only if the text changes.
	place.textContent = text && place.textContent === text ? `${text}\u00a0` : text;
	place.className = isBad ? "toast shown bad" : "toast shown";
	clearTimeout(quiet);
	quiet = setTimeout(() => {
		quiet = 0;
		place.classList.remove("shown");
		mention(later);
	}, isBad ? 9000 : 4500);
}

export function mention(text) {
	later = quiet ? text : "";
	if (text && !quiet) tell(text);
}

export const sentences = (...parts) => parts.filter(Boolean).map((part) => part[0].toUpperCase() + part.slice(1)).join(". ");

export function openDialog(dialog, back = () => null) {
	dialog.onclose = () => back()?.focus();
	dialog.showModal();
}

export const focused = () => document.activeElement;

export const isTyping = (target) => !!target?.closest?.("textarea, select, input:not([type=checkbox], [type=radio])");

const NAME = "audiobrief.";
/** The browser's store; the page works without. */
export const memory = {
	get: (key) => guarded(() => JSON.parse(localStorage.getItem(NAME + key) ?? "null")),
	set: (key, value) => guarded(() => localStorage.setItem(NAME + key, JSON.stringify(value))),
	drop: (key) => guarded(() => localStorage.removeItem(NAME + key)),
	under: (prefix) => guarded(() => Object.keys(localStorage).flatMap((k) => (k.startsWith(NAME + prefix) ? k.slice((NAME + prefix).length) : []))) ?? [],
};

function guarded(run) {
	try {
		return run();
	} catch (error) {
		console.info("not kept:", error.message);
		return null;
	}
}
