/** Elements, words, times. What comes from outside enters as text, never as HTML. */

export const $ = (id) => document.getElementById(id);

/** Make an element; "on…" are listeners, false, null and undefined are left out. */
export function el(tag, attributes = {}, ...children) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
		else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
	}
	made.append(...children.filter((child) => child || child === 0));
	return made;
}

export const button = (label, attributes = {}) => el("button", { type: "button", ...attributes }, ...[label].flat());

export const actOf = (card, act) => card.querySelector(`[data-act="${act}"]`);

/** Set a text, of an element or an id, only if it is another: else it would be read out again. */
export function words(place, text) {
	const element = $(place) ?? place;
	if (element.textContent !== text) element.textContent = text;
}

export function attr(element, name, value) {
	if (value === null) element.removeAttribute(name);
	else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

export const count = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;

const parts = (seconds) => {
	const s = Math.max(0, Math.floor(seconds));
	return [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
};

export function clock(seconds) {
	const [h, m, s] = parts(seconds);
	const two = (n) => `:${String(n).padStart(2, "0")}`;
	return h ? h + two(m) + two(s) : m + two(s);
}

/** "3 minutes 16 seconds" */
export function spokenTime(seconds) {
	const [h, m, s] = parts(seconds);
	return [h && count(h, "hour"), (h || m) && count(m, "minute"), count(s, "second")].filter(Boolean).join(" ");
}

let quiet = 0;
/** Say what happened, in the live region, which is seen as well. */
export function tell(text, isBad = false) {
	const place = $("say");
	// The same words are read again only if the text changes.
	place.textContent = place.textContent === text ? `${text}\u00a0` : text;
	place.className = isBad ? "toast shown bad" : "toast shown";
	clearTimeout(quiet);
	quiet = setTimeout(() => place.classList.remove("shown"), isBad ? 9000 : 4500);
}

/** Open a dialog; closed, the focus is where it was, as browsers do, or where `back` says. */
export function openDialog(dialog, back = () => null) {
	dialog.onclick = (event) => { if (event.target.matches("[data-close]")) dialog.close(); };
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
