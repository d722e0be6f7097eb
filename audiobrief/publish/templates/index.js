"use strict";
(() => {
  // One is heard at a time, and what is opened is played.
  const players = [...document.querySelectorAll("audio")];
  for (const player of players) {
    const details = player.closest("details");
    details.addEventListener("toggle", () => {
      if (details.open) player.play().catch(() => {}); else player.pause();
    });
    player.addEventListener("play", () => {
      for (const other of players) if (other !== player) other.pause();
    });
  }

  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = false;
    const source = button.closest("section").querySelector("code");
    button.addEventListener("click", async () => {
      const words = button.textContent;
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(source);
        button.textContent = "Selected: copy it";
      }
      setTimeout(() => { button.textContent = words; }, 2500);
    });
  }

  const field = document.querySelector("#find");
  if (!field) return;
  const found = document.querySelector("#found");
  // Phones type curly apostrophes, titles have either.
  const straight = (text) => text.replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"');
  const plain = (text) => straight(text).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const items = [...document.querySelectorAll(".list > li")];
  const texts = items.map((item) => plain(item.textContent));
  const where = document.querySelector("nav a[rel]") ? " on this page" : "";
  const filter = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let count = 0;
    items.forEach((item, index) => {
      item.hidden = !words.every((word) => texts[index].includes(word));
      if (!item.hidden) count += 1;
    });
    const counted = count === 1 ? "1 episode" : `${count} episodes`;
    found.textContent = words.length ? counted + where : "";
  };
  field.addEventListener("input", filter);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && field.value) { event.preventDefault(); field.value = ""; filter(); }
  });
  // A browser fills the field again after Back.
  if (field.value) filter();
})();
