// Nothing here is needed to read the report: it finds moments on the ribbon, opens bars in place, and searches.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("on");
  const clock = (s) => {
    const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60, two = (n) => String(n).padStart(2, "0");
    return h ? `${h}:${two(m)}:${two(Math.floor(s) % 60)}` : `${m}:${two(Math.floor(s) % 60)}`;
  };

  // ---- the ribbon: a slider over the lesson ----
  const ribbon = document.getElementById("ribbon"), bubble = document.getElementById("bubble");
  const cursor = ribbon.querySelector(".cursor"), length = LENGTH || 1;
  const paragraphs = [...document.querySelectorAll(".para")];
  const order = paragraphs.map((p) => Number(p.dataset.s)).map((s, i) => [s, i]).sort((a, b) => a[0] - b[0]);
  const under = { t: "You", s: "A student", g: "Several voices", u: "A voice" };
  const blocks = ["g", "t", "s", "u"].map((c) => [under[c],
    [...ribbon.querySelectorAll(`.${c} rect`)].map((r) => [parseFloat(r.getAttribute("x")), parseFloat(r.getAttribute("width"))])]);
  let now = 0;

  const voice = (percent) => {
    const hit = blocks.find(([, marks]) => marks.some(([x, w]) => x <= percent && percent < x + w));
    return hit ? hit[0] : "Silence";
  };
  const show = (seconds) => {
    now = Math.min(Math.max(0, seconds), length);
    const percent = 100 * now / length, words = `${clock(now)} · ${voice(percent)}`;
    cursor.hidden = bubble.hidden = false;
    cursor.style.left = `${percent}%`;
    bubble.value = words;
    const half = bubble.offsetWidth / 2, width = ribbon.clientWidth;
    bubble.style.left = `${Math.min(Math.max(half, width * percent / 100), width - half)}px`;
    ribbon.setAttribute("aria-valuenow", String(Math.round(now)));
    ribbon.setAttribute("aria-valuetext", words);
  };
  const hide = () => { cursor.hidden = bubble.hidden = true; };
  const at = (event) => {
    const box = ribbon.getBoundingClientRect();
    return length * (event.clientX - box.left) / box.width;
  };
  const read = () => {
    let found = order[0];
    for (const one of order) if (one[0] <= now + 0.05) found = one; else break;
    if (!found) return;
    document.querySelectorAll(".near").forEach((e) => e.classList.remove("near"));
    const paragraph = paragraphs[found[1]];
    paragraph.closest(".turn").classList.add("near");
    paragraph.scrollIntoView({ block: "center" });
  };
  const label = ribbon.getAttribute("aria-label");
  ribbon.setAttribute("role", "slider");
  ribbon.setAttribute("aria-label", `Find a moment. ${label}`);
  ribbon.setAttribute("aria-valuemin", "0");
  ribbon.setAttribute("aria-valuemax", String(Math.round(length)));
  ribbon.setAttribute("aria-valuenow", "0");
  ribbon.setAttribute("aria-valuetext", "0:00");
  ribbon.tabIndex = 0;
  ribbon.addEventListener("pointermove", (e) => show(at(e)));
  ribbon.addEventListener("pointerdown", (e) => show(at(e)));
  ribbon.addEventListener("pointerleave", (e) => { if (e.pointerType === "mouse" && document.activeElement !== ribbon) hide(); });
  // A finger first shows the time; a second touch on the same spot, or a mouse's click, goes there.
  let touched = -1;
  ribbon.addEventListener("click", (e) => {
    show(at(e));
    const again = Math.abs(now - touched) < length / 40;
    touched = now;
    if (e.pointerType !== "touch" || again) read();
  });
  ribbon.addEventListener("focus", () => show(now));
  ribbon.addEventListener("blur", hide);
  const steps = { ArrowLeft: -5, ArrowRight: 5, ArrowDown: -5, ArrowUp: 5, PageDown: -60, PageUp: 60, Home: -1e9, End: 1e9 };
  ribbon.addEventListener("keydown", (e) => {
    if (e.key in steps) show(now + steps[e.key]);
    else if (e.key === "Enter" || e.key === " ") read();
    else return;
    e.preventDefault();
  });

  // ---- the histogram: a bar opens its moments below, in place ----
  const bars = [...document.querySelectorAll("a.bar")];
  const open = (bar, wanted) => {
    bar.setAttribute("aria-expanded", String(wanted));
    document.getElementById(bar.hash.slice(1)).classList.toggle("open", wanted);
  };
  for (const bar of bars) {
    bar.setAttribute("role", "button");
    bar.setAttribute("aria-controls", bar.hash.slice(1));
    bar.setAttribute("aria-expanded", "false");
    const toggle = (e) => {
      const wanted = bar.getAttribute("aria-expanded") !== "true";
      for (const other of bars) open(other, other === bar && wanted);
      e.preventDefault();
    };
    bar.addEventListener("click", toggle);
    bar.addEventListener("keydown", (e) => { if (e.key === " ") toggle(e); });
  }

  // ---- search: turns that hold the words, the words marked ----
  const find = document.getElementById("find"), found = document.getElementById("found");
  const turns = [...document.querySelectorAll(".turn")];
  const texts = turns.map((t) => t.textContent.toLowerCase());
  const chapters = [...document.querySelectorAll(".chapter")];
  const mark = (words) => {
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete("found");
    if (!words) return;
    const ranges = [];
    for (const turn of turns) {
      if (turn.hidden) continue;
      const walk = document.createTreeWalker(turn, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const text = node.data.toLowerCase();
        // A few letters grow in lower case, and then places in the one are not places in the other.
        if (text.length !== node.data.length) continue;
        for (let i = text.indexOf(words); i >= 0; i = text.indexOf(words, i + words.length)) {
          const range = new Range();
          range.setStart(node, i);
          range.setEnd(node, i + words.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  };
  const search = () => {
    const words = find.value.trim().toLowerCase();
    let hits = 0;
    turns.forEach((turn, i) => {
      turn.hidden = Boolean(words) && !texts[i].includes(words);
      hits += !turn.hidden;
    });
    for (const c of chapters) c.hidden = !c.querySelector(".turn:not([hidden])");
    found.value = !words ? "" : hits === 1 ? "1 turn" : `${hits} turns`;
    mark(words);
  };
  let waiting = 0;
  find.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
  find.addEventListener("keydown", (e) => { if (e.key === "Escape") { find.value = ""; search(); } });
  // A link into the transcript must find its turn even while a search hides it.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest(".turn[hidden]")) { find.value = ""; search(); target.scrollIntoView({ block: "center" }); }
    document.querySelectorAll(".near").forEach((e) => e.classList.remove("near"));
  };
  addEventListener("hashchange", reveal);
  addEventListener("click", (e) => {
    const link = e.target.closest && e.target.closest("a[href^='#']");
    if (link && find.value) { find.value = ""; search(); }
  });
})();
