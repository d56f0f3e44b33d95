// What every page can do beside being read: ticks, citations in place, copy, share, print, large text, leave.
// Nothing a person types or ticks leaves the page, except a thumb and a reason when they press one.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const site = new URL(".", document.currentScript.src).href.replace(/static\/$/, "");
  const say = (near, text) => {
    const place = near?.closest(".after, p, form")?.querySelector("[role=status]") || document.querySelector("[role=status]");
    if (place) place.textContent = text;
  };
  const copy = async (button, text, done) => {
    try { await navigator.clipboard.writeText(text); say(button, done); }
    catch { say(button, "这个浏览器不让自动复制，请长按选中文字"); }
  };
  const answerOf = (node) => node.closest(".turn, main, body").querySelector("article.answer");
  const plain = (answer) => {
    const copied = answer.cloneNode(true);
    all("details", copied).forEach((fold) => { fold.open = true; });
    all("[aria-hidden], .in-place, .others, input", copied).forEach((one) => one.remove());
    all("p, li, summary, h2, div", copied).forEach((one) => one.append("\n"));
    return copied.textContent.replace(/[ \t]+/g, " ").replace(/\s*\n\s*/g, "\n").trim();
  };
  const large = (on) => {
    document.documentElement.classList.toggle("large-text", on);
    all("[data-act=large]").forEach((button) => button.setAttribute("aria-pressed", String(on)));
    try { on ? localStorage.setItem("large", "1") : localStorage.removeItem("large"); } catch { /* private mode */ }
  };
  // Whether it was taken.
  const send = async (button, said) => {
    const answer = answerOf(button);
    const body = { kind: answer.dataset.kind, situation: answer.dataset.situation, ...said };
    try {
      const reply = await fetch(site + "feedback", {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
      });
      say(button, reply.ok ? "谢谢，记下了" : "没有记下来，请稍后再试");
      return reply.ok;
    } catch { say(button, "没有网络，没有记下来"); return false; }
  };
  const isPressed = (button) => button.getAttribute("aria-pressed") === "true";
  const press = (group, button) => {
    all("button", group).forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
  };
  // Sent at once, up or down, and not again while it stands; one that was not taken does not stay pressed.
  const vote = async (button, good) => {
    const group = button.parentElement;
    const before = all("button", group).find(isPressed);
    if (before === button) return;
    press(group, button);
    if (!await send(button, { good }) && isPressed(button)) press(group, before);
  };
  const acts = {
    large() { large(!document.documentElement.classList.contains("large-text")); },
    copy(button) { copy(button, plain(answerOf(button)), "已复制"); },
    share(button) {
      copy(button, site + "situations/" + answerOf(button).dataset.situation, "链接已复制，里面没有你说的话");
    },
    print() { window.print(); },
    // Another situation: asked like the suggestions under the conversation; where it is none of them, its own page.
    choose(button) {
      const same = all("#choices button").find((one) => one.textContent.trim() === button.textContent.trim());
      if (same) same.click();
      else window.open(site + "situations/" + button.dataset.situation, "_blank", "noopener");
    },
    clear() {
      const fresh = new URL(location.href);
      fresh.searchParams.delete("q");
      fresh.hash = "";
      location.replace(fresh.href);
    },
    // At once: the page is emptied first, then left; going back finds an empty chat, not the conversation. A
    // volunteer's case is not the borrower's: the desk clears it, and asks first.
    leave() {
      document.body.replaceChildren();
      document.title = "";
      try { localStorage.removeItem("large"); sessionStorage.clear(); } catch { /* private mode */ }
      location.replace("about:blank");
    },
    good(button) {
      vote(button, true);
      button.closest(".after").querySelector("form").hidden = true;
    },
    bad(button) {
      vote(button, false);
      const form = button.closest(".after").querySelector("form");
      form.hidden = false;
      form.querySelector("input").focus();
    },
  };
  // A citation in the running text opens its exact words under the line it stands in.
  const inPlace = (link) => {
    const answer = link.closest("article.answer");
    const same = all("details.cite", answer).filter((one) => new URL(one.dataset.url, location.href).href === link.href);
    const source = same.find((one) => one.dataset.name === link.textContent) || same[0];
    if (!source) return false;
    const line = link.closest("li, p");
    const open = line.querySelector(":scope > .in-place");
    all("a[aria-expanded=true]", line).forEach((one) => one.setAttribute("aria-expanded", "false"));
    open?.remove();
    if (open && open.dataset.name === link.textContent) return true;
    const box = document.createElement("span");
    box.className = "in-place";
    box.dataset.name = link.textContent;
    box.append(source.querySelector(".law").cloneNode(true));
    line.append(box);
    link.setAttribute("aria-expanded", "true");
    return true;
  };
  const dress = (answer) => {
    for (const link of all(".why a, .conclusion a, .model a, .do a, details:not(.cite) a", answer)) {
      if (!link.closest(".cite") && all("details.cite", answer).some((one) => new URL(one.dataset.url, location.href).href === link.href)) {
        link.classList.add("chip");
        link.setAttribute("role", "button");
        link.setAttribute("aria-expanded", "false");
      }
    }
    if (answer.closest("#talk")) {
      all("a[href]:not([href^=tel])", answer).forEach((link) => { link.target = "_blank"; link.rel = "noopener"; });
    }
    answer.dataset.dressed = "1";
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button && acts[button.dataset.act]) return acts[button.dataset.act](button);
    const copied = event.target.closest("[data-copy]");
    if (copied) return copy(copied, copied.dataset.copy, "已复制");
    if (event.target.closest("[data-print]")) return window.print();
    const link = event.target.closest("a.chip");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && inPlace(link)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches?.("a.chip")) { event.preventDefault(); event.target.click(); }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.reasons")) return;
    event.preventDefault();
    const form = event.target;
    const words = form.words.checked ? form.closest(".turn").querySelector(".asked").lastChild.textContent : "";
    const thumb = form.closest(".after").querySelector("[data-act=bad]");
    // The thumb was counted before, unless it was not taken.
    send(form, { good: isPressed(thumb) ? null : false, reason: form.reason.value, words });
    form.hidden = true;
    thumb.focus();
  });
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    closed.forEach((fold) => { fold.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((fold) => { fold.open = false; }));
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  // A volunteer's case stays in this browser for a day, whatever page is opened next, signed in or not.
  const CASE = "desk-case";
  const expire = () => {
    try {
      const kept = localStorage.getItem(CASE);
      let at = 0;
      try { at = JSON.parse(kept)?.at; } catch { /* a spoiled case is no case */ }
      if (kept === null || Date.now() - at < 24 * 3600 * 1000) return false;
      localStorage.removeItem(CASE);
      return true;
    } catch { return false; /* private mode */ }
  };
  expire();
  window.lawPage = {
    CASE,
    expire,
    dress: (root) => all("article.answer:not([data-dressed])", root).forEach(dress),
    // A model's words on a turn that is already there: only they are exchanged, ticks and folds stay as they are,
    // and while it writes so does the line above them, whose button somebody may be about to press.
    grow(turn, newer) {
      const [model, next] = [turn, newer].map((one) => one.querySelector(".model"));
      if (next.querySelector(".writing")) {
        model.querySelector(".told")?.remove();
        model.append(...all(".told", next));
      } else model.replaceWith(next);
      if (newer.querySelectorAll(".cite").length > turn.querySelectorAll(".cite").length) {
        turn.querySelector(".cites").replaceWith(newer.querySelector(".cites"));
      }
      const answer = turn.querySelector("article.answer");
      delete answer.dataset.dressed;
      dress(answer);
    },
    // Put a new turn at the end of the conversation, say that it is there, and go to it.
    add(html) {
      const turn = document.createRange().createContextualFragment(html).querySelector(".turn");
      document.getElementById("talk").append(turn);
      const answer = turn.querySelector("article.answer");
      dress(answer);
      document.getElementById("choices")?.setAttribute("aria-label", answer.dataset.offer);
      const first = answer.querySelector(".verdict, .supposed, .conclusion");
      const said = document.getElementById("said");
      said.lang = "zh-CN";  // whatever the language around the chat
      said.textContent = "回答好了。" + (first ? first.textContent : "");
      answer.focus({ preventScroll: true });
      turn.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" });
    },
  };
  try { if (localStorage.getItem("large")) large(true); } catch { /* private mode */ }
  window.lawPage.dress(document);
})();
