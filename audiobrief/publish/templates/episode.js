"use strict";
(() => {
  const find = (selector) => document.querySelector(selector);
  const root = document.documentElement;
  const main = find("main");
  const audio = find("audio");
  const spoken = [...document.querySelectorAll(".spoken")];
  const starts = spoken.map((span) => Number(span.dataset.start));
  const ends = spoken.map((span) => Number(span.dataset.end));
  const isOnline = /^https?:$/.test(location.protocol);
  const isSmall = root.classList.contains("embed");

  // What is kept over visits. Where nothing may be kept (a private window, a frame of another
  // site), everything works but that.
  const kept = {
    read(name, otherwise) {
      try {
        return JSON.parse(localStorage.getItem(`audiobrief.${name}`)) ?? otherwise;
      } catch {
        return otherwise;
      }
    },
    write(name, value) {
      try {
        localStorage.setItem(`audiobrief.${name}`, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
  };

  const said = find("#said");
  const say = (words) => { said.textContent = words; };

  const two = (number) => String(number).padStart(2, "0");
  const clock = (seconds) => {
    const whole = Math.floor(seconds);
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  };

  // --- Playing ---------------------------------------------------------------------------------

  // Safari forgets a place that is set before it knows the length.
  let wanted = null;
  const seek = (seconds) => {
    const longest = Number.isFinite(audio.duration) ? audio.duration : Infinity;
    const place = Math.min(Math.max(seconds, 0), longest);
    if (audio.readyState < HTMLMediaElement.HAVE_METADATA) wanted = place;
    audio.currentTime = place;
  };
  const play = (seconds) => {
    seek(seconds);
    audio.play().catch(() => say("Press Play to listen."));
  };
  audio.addEventListener("loadedmetadata", () => {
    if (wanted !== null) audio.currentTime = wanted;
    wanted = null;
  });

  const speed = find("#speed");
  const setSpeed = (value) => {
    audio.defaultPlaybackRate = audio.playbackRate = value;
    speed.value = String(value);
  };
  speed.addEventListener("change", () => {
    setSpeed(Number(speed.value));
    kept.write("speed", audio.playbackRate);
  });
  // Also from the browser's own menu.
  audio.addEventListener("ratechange", () => {
    if ([...speed.options].some((option) => Number(option.value) === audio.playbackRate)) {
      speed.value = String(audio.playbackRate);
    }
  });
  const rate = Number(kept.read("speed", 1));
  if ([...speed.options].some((option) => Number(option.value) === rate)) setSpeed(rate);

  for (const button of document.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => seek(audio.currentTime + Number(button.dataset.skip)));
  }

  // --- Chapters --------------------------------------------------------------------------------

  const chapters = [...document.querySelectorAll("[data-seek]")].map((item) => {
    const start = Number(item.dataset.seek);
    const button = document.createElement("button");
    button.type = "button";
    button.append(...item.childNodes);
    button.addEventListener("click", () => play(start));
    item.append(button);
    return { start, item, button, name: item.querySelector(".name").textContent };
  });

  // --- The words that are heard now ------------------------------------------------------------

  /** Return the index of the last start at or before a time; -1: none. */
  const lastBefore = (places, now) => {
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      // A seek to a start may land a little before it.
      if (places[middle] <= now + 0.001) low = middle + 1; else high = middle;
    }
    return low - 1;
  };

  let current = -1;
  let timer = 0;
  const markOne = (element, is) => {
    if (!element) return;
    if (is) element.setAttribute("aria-current", "true"); else element.removeAttribute("aria-current");
  };
  let chapter = -1;
  const chapterStarts = chapters.map((each) => each.start);
  const mark = () => {
    const now = audio.currentTime;
    const at = lastBefore(starts, now);
    const next = at >= 0 && now < ends[at] ? at : -1;
    if (next !== current) {
      const wasSeen = current < 0 || isSeen(spoken[current]);
      markOne(spoken[current], false);
      markOne(spoken[next], true);
      if (next >= 0) {
        last = next;
        if (wasSeen || hasJumped) followTo(spoken[next]);
        hasJumped = false;
      }
      current = next;
    }
    const inChapter = lastBefore(chapterStarts, now);
    if (inChapter !== chapter) {
      markOne(chapters[chapter]?.button, false);
      markOne(chapters[inChapter]?.button, true);
      chapter = inChapter;
    }
    // The browser tells the time four times a second; the next change is told to the moment.
    clearTimeout(timer);
    if (!audio.paused) {
      const change = current >= 0 ? ends[current] : starts[at + 1];
      if (change !== undefined) timer = setTimeout(mark, ((change - now) * 1000) / audio.playbackRate + 5);
    }
    showAlong();
  };

  // --- Following -------------------------------------------------------------------------------

  // The text goes along only for whoever is looking at the place: when the words that were heard
  // last are on the screen, and nobody has scrolled for a while.
  const REST_MS = 4000;
  let last = 0;
  let hasJumped = false;
  let scrolledAt = -Infinity;
  const follow = find("#follow");
  const along = find("#along");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const isFollowing = () => follow.getAttribute("aria-pressed") === "true";
  const setFollowing = (is) => follow.setAttribute("aria-pressed", String(is));

  /** What is above the text and hides it: the player on a phone, the bar on a desktop. */
  const covers = [find(".player"), find(".bar")];
  const topEdge = () => Math.max(0, ...covers.map((each) => {
    return getComputedStyle(each).position === "sticky" ? each.getBoundingClientRect().bottom : 0;
  }));
  const isSeen = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > topEdge() && box.top < innerHeight;
  };
  const isWhole = (element) => {
    const box = element.getBoundingClientRect();
    return box.top >= topEdge() && box.bottom <= innerHeight - 48;
  };
  const jumpTo = (element) => element.scrollIntoView({ block: "center", behavior: "instant" });
  const bring = (element) => {
    const isFar = Math.abs(element.getBoundingClientRect().top) > 2 * innerHeight;
    if (calm.matches || isFar) jumpTo(element);
    else element.scrollIntoView({ block: "center", behavior: "smooth" });
  };
  const followTo = (element) => {
    if (isSmall || !isFollowing() || performance.now() - scrolledAt < REST_MS) return;
    if (document.activeElement?.id === "find" || String(getSelection())) return;
    if (audio.paused || isWhole(element)) return;
    // Whoever is at the top of the page, with the text out of sight, is not dragged down to it.
    if (isSeen(find("#words"))) bring(element);
  };
  const showAlong = () => {
    along.hidden = isSmall || !isFollowing() || audio.paused || current < 0 || isSeen(spoken[current]);
  };
  for (const kind of ["wheel", "touchmove"]) {
    addEventListener(kind, () => { scrolledAt = performance.now(); }, { passive: true });
  }
  addEventListener("keydown", (event) => {
    if (/^(Arrow(Up|Down)|Page(Up|Down)|Home|End| )$/.test(event.key)) scrolledAt = performance.now();
  });
  let isAsked = false;
  addEventListener("scroll", () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => { isAsked = false; showAlong(); });
  }, { passive: true });
  const goAlong = () => {
    scrolledAt = -Infinity;
    if (spoken.length) bring(spoken[last]);
  };
  along.addEventListener("click", goAlong);
  follow.addEventListener("click", () => {
    setFollowing(!isFollowing());
    kept.write("follow", isFollowing());
    if (isFollowing() && !audio.paused) goAlong();
    showAlong();
  });
  setFollowing(kept.read("follow", true) === true);

  for (const kind of ["timeupdate", "play", "pause", "ratechange"]) audio.addEventListener(kind, mark);
  audio.addEventListener("seeking", () => { hasJumped = true; mark(); });

  // --- The transcript as a way to a place ------------------------------------------------------

  // One stop for Tab, arrows from there: a thousand stops would be none.
  const words = find("#words");
  let stop = 0;
  const setStop = (index) => {
    if (!spoken[index]) return;
    spoken[stop].removeAttribute("tabindex");
    spoken[index].tabIndex = 0;
    stop = index;
  };
  setStop(0);
  words.addEventListener("click", (event) => {
    const link = event.target.closest("a.time");
    const span = link ? link.parentElement.querySelector(".spoken") : event.target.closest(".spoken");
    if (!span || (!link && String(getSelection()))) return;
    if (link && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    setStop(spoken.indexOf(span));
    play(Number(span.dataset.start));
  });
  words.addEventListener("keydown", (event) => {
    if (!event.target.classList.contains("spoken") || event.altKey || event.ctrlKey || event.metaKey) return;
    const way = { ArrowDown: stop + 1, ArrowUp: stop - 1, Home: 0, End: spoken.length - 1 }[event.key];
    if (event.key === "Enter" || event.key === " ") play(starts[stop]);
    else if (way === undefined || !spoken[way]) return;
    else { setStop(way); spoken[way].focus(); }
    event.preventDefault();
  });

  // --- Search ----------------------------------------------------------------------------------

  const field = find("#find");
  const found = find("#found");
  const [back, on] = [find("#back"), find("#on")];
  const texts = spoken.map((span) => span.textContent);
  let book = null;
  // A match may go on in the next segment: then it is marked in both.
  let hits = [];
  let chosen = -1;

  // Phones type curly ones, articles have either.
  const STRAIGHT = { "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-" };

  /** Return text without case, accents and curls, and for each of its letters where it was. */
  const fold = (text) => {
    let plain = "";
    const places = [];
    for (let at = 0; at < text.length;) {
      const letter = String.fromCodePoint(text.codePointAt(at));
      const bare = STRAIGHT[letter] ?? letter.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
      for (let n = 0; n < bare.length; n += 1) places.push(at);
      plain += bare;
      at += letter.length;
    }
    return { plain, places: [...places, text.length] };
  };
  /** Return all segments as one text, and where each of them begins in it. */
  const bind = () => {
    const pages = texts.map(fold);
    const begins = [];
    let length = 0;
    for (const { plain } of pages) {
      begins.push(length);
      length += plain.length + 1;
    }
    return { pages, begins, plain: pages.map(({ plain }) => plain).join(" ") };
  };
  const unmark = () => {
    for (const span of new Set(hits.flat().map((each) => each.closest(".spoken")))) {
      span.textContent = span.textContent;
    }
    hits = [];
    chosen = -1;
  };
  /** Return the pieces of a match: segment, and from where to where in its text. */
  const piecesOf = (start, end) => {
    const pieces = [];
    for (let index = lastBefore(book.begins, start); book.begins[index] < end; index += 1) {
      const { places } = book.pages[index];
      const [first, behind] = [start - book.begins[index], end - book.begins[index]];
      const from = places[Math.max(first, 0)];
      const to = places[Math.min(behind, places.length - 1)];
      if (to > from) pieces.push({ index, from, to });
    }
    return pieces;
  };
  const markAll = (wantedText) => {
    const inSegments = new Map();
    let at = book.plain.indexOf(wantedText);
    for (; at >= 0; at = book.plain.indexOf(wantedText, at + wantedText.length)) {
      const pieces = piecesOf(at, at + wantedText.length);
      const before = inSegments.get(pieces[0]?.index)?.at(-1);
      // Letters that are one sign in the text: no half of it can be marked.
      if (!pieces.length || (before && pieces[0].from < before.to)) continue;
      hits.push([]);
      for (const piece of pieces) {
        if (!inSegments.has(piece.index)) inSegments.set(piece.index, []);
        inSegments.get(piece.index).push({ ...piece, hit: hits.at(-1) });
      }
    }
    for (const [index, pieces] of inSegments) {
      const parts = [];
      let done = 0;
      for (const { from, to, hit } of pieces) {
        const marked = document.createElement("mark");
        marked.textContent = texts[index].slice(from, to);
        parts.push(texts[index].slice(done, from), marked);
        hit.push(marked);
        done = to;
      }
      spoken[index].replaceChildren(...parts, texts[index].slice(done));
    }
  };
  const choose = (index) => {
    for (const each of hits[chosen] ?? []) each.removeAttribute("class");
    chosen = index;
    const hit = hits[chosen];
    if (!hit) return;
    for (const each of hit) each.className = "chosen";
    scrolledAt = performance.now();
    // At once, as browsers do it: while a page still glides, its buttons slip away below a click.
    if (!hit.every(isWhole)) jumpTo(hit[0]);
    setStop(spoken.indexOf(hit[0].closest(".spoken")));
    found.textContent = `${chosen + 1} of ${hits.length}`;
  };
  const search = () => {
    unmark();
    const wantedText = fold(field.value.trim().replace(/\s+/g, " ")).plain;
    book ??= bind();
    if (wantedText) markAll(wantedText);
    back.hidden = on.hidden = hits.length < 2;
    found.textContent = wantedText && !hits.length ? "Not found" : "";
    // The first one that is not above what is read.
    const below = hits.findIndex(([first]) => first.getBoundingClientRect().top >= topEdge());
    if (hits.length) choose(Math.max(below, 0));
  };
  const step = (by) => {
    if (hits.length) choose((chosen + by + hits.length) % hits.length);
  };
  let pause = 0;
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(search, 120);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); step(event.shiftKey ? -1 : 1); }
    if (event.key === "Escape" && field.value) { event.preventDefault(); field.value = ""; search(); }
  });
  back.addEventListener("click", () => step(-1));
  on.addEventListener("click", () => step(1));

  // --- Links to a place ------------------------------------------------------------------------

  const here = () => (isOnline ? location.origin + location.pathname : main.dataset.page);
  const linkTo = (seconds) => `${here()}#t=${Math.floor(seconds)}`;
  const copy = async (text, what) => {
    try {
      await navigator.clipboard.writeText(text);
      say(`${what} copied.`);
    } catch {
      // Not allowed here: shown, to be copied by hand.
      say(text);
    }
  };
  const share = find("#share");
  if (share) {
    const shown = share.querySelector(".time");
    share.addEventListener("click", () => {
      const at = audio.currentTime;
      copy(linkTo(at), `Link to ${clock(at)}`);
    });
    audio.addEventListener("timeupdate", () => { shown.textContent = clock(audio.currentTime); });
    for (const { start, item, name } of chapters) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.setAttribute("aria-label", `Copy link to ${name}`);
      button.title = "Copy link";
      button.append(Object.assign(document.createElement("span"), { textContent: "#", ariaHidden: "true" }));
      button.addEventListener("click", () => copy(linkTo(start), `Link to “${name}”`));
      item.append(button);
    }
  }
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = false;
    const source = button.closest("section").querySelector("code, textarea");
    button.addEventListener("click", async () => {
      const text = source.value ?? source.textContent;
      const words = button.textContent;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(source);
        source.select?.();
        button.textContent = "Selected: copy it";
      }
      setTimeout(() => { button.textContent = words; }, 2500);
    });
  }
  // As W3C Media Fragments writes it (seconds or a clock, with or without an end, which is not
  // heeded), and as video sites do: t=62.5, t=1:02, t=60,90, t=1m2s.
  const PLACE = /^(?:npt:)?(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)(?:,.*)?$/;
  const PLACE_IN_WORDS = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
  const placeInAddress = () => {
    const asked = new URLSearchParams(location.hash.slice(1)).get("t");
    const match = asked && (PLACE.exec(asked) ?? PLACE_IN_WORDS.exec(asked));
    return match ? match.slice(1).reduce((sum, part) => 60 * sum + Number(part ?? 0), 0) : null;
  };
  addEventListener("hashchange", () => {
    const place = placeInAddress();
    if (place !== null) seek(place);
  });

  // --- Where one was ---------------------------------------------------------------------------

  const MOST_PLACES = 100;
  const keepPlace = () => {
    const places = Object.entries(kept.read("places", {})).filter(([guid]) => guid !== main.dataset.guid);
    const at = audio.currentTime;
    const isOver = audio.ended || (Number.isFinite(audio.duration) && at > audio.duration - 10);
    if (at > 5 && !isOver) places.push([main.dataset.guid, Math.floor(at)]);
    kept.write("places", Object.fromEntries(places.slice(-MOST_PLACES)));
  };
  let keptAt = 0;
  audio.addEventListener("timeupdate", () => {
    if (audio.paused || Math.abs(audio.currentTime - keptAt) < 3) return;
    keptAt = audio.currentTime;
    keepPlace();
  });
  for (const kind of ["pause", "ended"]) audio.addEventListener(kind, keepPlace);
  addEventListener("pagehide", () => { if (audio.currentTime > 5) keepPlace(); });

  const begin = () => {
    const asked = placeInAddress();
    if (asked !== null) { seek(asked); return; }
    const place = Number(kept.read("places", {})[main.dataset.guid]);
    if (!(place > 5)) return;
    seek(place);
    const note = find("#resumed");
    note.hidden = false;
    note.querySelector(".time").textContent = clock(place);
    note.querySelector("button").addEventListener("click", () => { note.hidden = true; play(0); });
    audio.addEventListener("play", () => { note.hidden = true; }, { once: true });
  };

  // --- Keys of the keyboard, the headphones, the lock screen -----------------------------------

  if ("mediaSession" in navigator) {
    const session = navigator.mediaSession;
    session.metadata = new MediaMetadata({
      title: main.dataset.title,
      artist: main.dataset.show,
      // A browser takes no picture from a disk.
      artwork: isOnline ? [{ src: find(".cover").src }] : [],
    });
    const to = (by) => () => {
      const next = chapters[lastBefore(chapterStarts, audio.currentTime) + by];
      if (next) seek(next.start);
    };
    const actions = {
      play: () => audio.play(),
      pause: () => audio.pause(),
      seekbackward: ({ seekOffset }) => seek(audio.currentTime - (seekOffset || 15)),
      seekforward: ({ seekOffset }) => seek(audio.currentTime + (seekOffset || 30)),
      seekto: ({ seekTime }) => seek(seekTime),
      ...(chapters.length > 1 && { previoustrack: to(-1), nexttrack: to(1) }),
    };
    for (const [name, action] of Object.entries(actions)) {
      try {
        session.setActionHandler(name, action);
      } catch {
        // A browser that knows the others.
      }
    }
  }

  // --- In a frame of another page --------------------------------------------------------------

  if (isSmall) {
    const title = find("h1");
    const link = document.createElement("a");
    link.href = location.pathname;
    link.append(...title.childNodes);
    title.append(link);
    for (const each of document.links) {
      each.target = "_blank";
      each.rel = "noopener";
    }
  }

  begin();
  mark();
})();
