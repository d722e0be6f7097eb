/** Small tools for the page's elements, words and times. Everything from outside enters as text, never as HTML. */

/** @returns {any} the element of an id that the page has */
export const $ = (id) => document.getElementById(id);

/**
 * Make an element: `el("p", { class: "soft" }, "words", otherElement)`.
 * @param {string} tag
 * @param {Record<string, any>} [attributes] those beginning with "on" are listeners; null, false and undefined are left out
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((c) => c !== null && c !== undefined));
  return made;
}

/** Set an element's text only if it is another: what is unchanged is neither painted nor read out again. */
export function words(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Set an attribute only if it is another; null takes it away. */
export function attribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

export const count = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

/** "3:16", "1:02:03" */
export function clock(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  if (!parts[0]) parts.shift();
  return parts.map((p, i) => (i ? String(p).padStart(2, "0") : p)).join(":");
}

/** "3 minutes 16 seconds" */
export function spokenTime(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const said = [];
  if (s >= 3600) said.push(count(Math.floor(s / 3600), "hour"));
  if (s >= 60) said.push(count(Math.floor(s / 60) % 60, "minute"));
  said.push(count(s % 60, "second"));
  return said.join(" ");
}

let quiet = 0;
/** Say what happened: in the live region, which is seen as well. */
export function announce(text, { bad = false } = {}) {
  const place = $("say");
  // The same words twice are two events to a screen reader only if the text changes.
  place.textContent = place.textContent === text ? `${text}\u00a0` : text;
  place.classList.toggle("bad", bad);
  place.classList.add("shown");
  clearTimeout(quiet);
  quiet = setTimeout(() => place.classList.remove("shown"), bad ? 9000 : 4500);
}

/** Open a dialog; closed, the focus is where it was, or on `back`'s element if that is gone. */
export function openDialog(dialog, back = () => null) {
  const before = document.activeElement;
  dialog.querySelectorAll("[data-close]").forEach((b) => { b.onclick = () => dialog.close(); });
  dialog.onclose = () => {
    const to = back() ?? before;
    if (to instanceof HTMLElement && to.isConnected) to.focus();
  };
  dialog.showModal();
}

export function isTyping(target) {
  return target instanceof Element && !!target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
}

/** What lies in the browser's own store; a full or forbidden store only loses the comfort. */
export const memory = {
  get(key) {
    try { return JSON.parse(localStorage.getItem(`audiobrief.${key}`) ?? "null"); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(`audiobrief.${key}`, JSON.stringify(value)); } catch { /* the page works without */ }
  },
  drop(key) {
    try { localStorage.removeItem(`audiobrief.${key}`); } catch { /* the page works without */ }
  },
  keys(prefix) {
    try {
      return Object.keys(localStorage).filter((k) => k.startsWith(`audiobrief.${prefix}`)).map((k) => k.slice("audiobrief.".length));
    } catch { return []; }
  },
};
