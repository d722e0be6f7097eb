// Shows what is to be added, sends it, and says what became of it. What stands behind the "#" of
// the address never leaves the browser, and is taken out of its history at once.
"use strict";

const KEY = "audiobrief-inbox-token";
// Addresses are not endless: a longer selection is left out, and the page is read from its address.
const MOST_SELECTED = 50000;
const at = (id) => document.getElementById(id);
const fields = { url: at("url"), title: at("title"), text: at("text"), token: at("token") };

// A browser may keep nothing, or refuse to be asked.
const kept = {
  get() { try { return localStorage.getItem(KEY) || ""; } catch { return ""; } },
  set(token) { try { localStorage.setItem(KEY, token); return true; } catch { return false; } },
  remove() { try { localStorage.removeItem(KEY); } catch { return; } },
};

const say = (words, isBad = false) => {
  at("said").textContent = words;
  at("said").classList.toggle("bad", isBad);
};

const readAddress = () => {
  const given = new URLSearchParams(location.hash.slice(1));
  if (!location.hash) return;
  history.replaceState(null, "", location.pathname);
  for (const [name, field] of Object.entries(fields)) {
    if (given.has(name)) field.value = given.get(name);
  }
  if (fields.url.value || fields.text.value) say("Ready to be added.");
};

const showBookmarklet = () => {
  at("bookmarklet").hidden = !fields.token.value;
  const base = JSON.stringify(new URL("./", location.href).href + "#");
  const code = `(()=>{const s=String(getSelection()).trim();const p=new URLSearchParams({url:location.href,title:document.title});`
    + `if(s&&s.length<=${MOST_SELECTED})p.set("text",s);`
    + `open(${base}+p,"_blank","popup,noopener,width=560,height=760")})()`;
  const address = `javascript:${encodeURIComponent(code)}`;
  at("drag").href = address;
  at("code").value = address;
};

const body = () => {
  const wanted = { url: fields.url.value.trim() };
  if (fields.text.value.trim()) {
    wanted.text = fields.text.value;
    wanted.title = fields.title.value.trim();
  }
  if (!wanted.url) delete wanted.url;
  return wanted;
};

const told = (answer) => {
  if (answer.taken === "link") return answer.known ? "This address is listed already." : "Added: the article is being fetched.";
  return answer.known ? `This text is there already: ${answer.file}` : `Added as ${answer.file}`;
};

const send = async (event) => {
  event.preventDefault();
  const wanted = body();
  if (!wanted.url && !wanted.text) { say("Give an address or a text first.", true); fields.url.focus(); return; }
  at("send").disabled = true;
  say("Sending …");
  try {
    const response = await fetch("./", {
      method: "POST",
      headers: { "Authorization": `Bearer ${fields.token.value.trim()}`, "Content-Type": "application/json" },
      body: JSON.stringify(wanted),
      credentials: "omit",
    });
    const answer = await response.json();
    if (!response.ok) { say(`Not added: ${answer.problem}. To mend it: ${answer.fix}.`, true); return; }
    say(told(answer));
    if (at("remember").checked) kept.set(fields.token.value.trim());
  } catch (error) {
    say(`Not added: the server does not answer (${error.message}).`, true);
  } finally {
    at("send").disabled = false;
  }
};

fields.token.value = kept.get();
at("remember").checked = Boolean(fields.token.value);
readAddress();
showBookmarklet();
at("add").addEventListener("submit", send);
fields.token.addEventListener("input", showBookmarklet);
at("remember").addEventListener("change", () => { if (!at("remember").checked) kept.remove(); });
addEventListener("hashchange", readAddress);
at("drag").addEventListener("click", (event) => { event.preventDefault(); say("Drag it to the bookmarks bar, or copy the address below."); });
(fields.token.value ? at("send") : fields.token).focus();
