// The volunteers' desk. The case stays in this browser and expires; text from anywhere is only ever set as text,
// and the views are fragments that our own server escaped.
(() => {
  const $ = (id) => document.getElementById(id);
  const KEY = lawPage.CASE;
  const page = document.querySelector(".desk").dataset;
  const stores = "keeps" in page;
  const FACTS = JSON.parse(page.facts);
  // crypto.randomUUID is there on https only; an intranet desk may be on plain http.
  const uuid = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g,
    (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
  const LISTS = ["citations", "steps", "evidence", "channels"];  // what is collected
  const MOST = 100;  // of each that a letter takes
  const blank = () => ({ facts: FACTS.map((text) => ({ text, on: false })), ...Object.fromEntries(LISTS.map((list) => [list, []])), fields: {},
    letter: null, unsaved: false, id: uuid(), version: "", at: Date.now() });
  const whole = (one) => one.facts.every((fact) => fact.text) && LISTS.every((list) => Array.isArray(one[list])) && one.fields instanceof Object;
  const read = (kept) => { try { const one = { ...blank(), ...JSON.parse(kept) }; return whole(one) ? one : null; } catch { return null; /* a spoiled case is no case */ } };
  let pad = blank();
  let current = null;
  try { pad = read(localStorage.getItem(KEY)) || pad; } catch { /* private mode */ }
  const put = () => { try { localStorage.setItem(KEY, JSON.stringify({ ...pad, at: Date.now() })); } catch { /* private mode */ } };
  const keep = () => { pad.unsaved = true; put(); };
  const sure = () => !pad.unsaved || confirm("这通电话的记录和文书会丢掉，找不回来。要丢掉吗？");
  setInterval(() => { if (lawPage.expire()) location.reload(); }, 60000);
  const make = (tag, props, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };
  const remover = (text, remove) => {
    const gone = make("button", { type: "button", textContent: "×", ariaLabel: "去掉 " + text });
    gone.addEventListener("click", () => { remove(); keep(); show(); });
    return gone;
  };
  const show = () => {
    $("facts").replaceChildren(...pad.facts.map((fact) => {
      const tick = make("input", { type: "checkbox", checked: fact.on });
      tick.addEventListener("change", () => { fact.on = tick.checked; keep(); });
      const label = make("label", {}, tick, make("span", { textContent: String(fact.text) }));
      return FACTS.includes(fact.text) ? label : make("div", { className: "own" }, label, remover(fact.text, () => {
        pad.facts = pad.facts.filter((one) => one !== fact);
      }));
    }));
    for (const list of LISTS) {
      $(list).replaceChildren(...pad[list].map((text) => {
        const gone = remover(text, () => { pad[list] = pad[list].filter((one) => one !== text); });
        return make("li", {}, make("span", { textContent: String(text) }), gone);
      }));
    }
    for (const field of $("pad").querySelectorAll("[name]")) field.value = pad.fields[field.name] || "";
    $("letter").hidden = !pad.letter;
    $("letter-title").textContent = pad.letter?.title || "";
    $("text").value = pad.letter?.text || "";
    blanks();
  };
  const get = async (path, body, { raw = false, method = body ? "POST" : "GET" } = {}) => {
    const json = body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    let reply;
    try { reply = await fetch(path, { method, ...json }); } catch { throw new Error("没有连上，请稍后再试。这里的内容还在。"); }
    if (reply.status === 401) throw new Error("登录过期了：请在新窗口打开工作台登录，再回来试一次。这里的内容还在。");
    if (!reply.ok) {
      const { error } = await reply.json().catch(() => ({}));
      throw Object.assign(new Error(error || "服务器出了点问题，请稍后再试。这里的内容还在。"), { status: reply.status });
    }
    return raw ? reply.blob() : reply.json();
  };
  let reading = 0;
  const open = async (kind, id) => {
    const mine = ++reading;
    const found = await get("/desk/" + kind + "/" + id.split("/").map(encodeURIComponent).join("/"));
    if (mine !== reading) return;
    current = found;
    $("view").innerHTML = current.html;
    lawPage.dress($("view"));
    $("view").querySelector("h2").focus();
  };
  const hit = (kind, one) => {
    const node = one.id
      ? make("button", { type: "button", className: "hit" })
      : make("div", { className: "hit" });
    if (one.id) Object.assign(node.dataset, { open: kind, id: one.id });
    node.append(make("b", { textContent: one.title }), make("small", { className: one.id ? "" : "whole", textContent: [one.verdict, one.text].filter(Boolean).join("　") }));
    if (one.phone) node.append(make("a", { href: "tel:" + one.phone, textContent: "拨打 " + one.phone }), " ");
    if (/^https:/.test(one.page || "")) node.append(make("a", { href: one.page, target: "_blank", rel: "noopener noreferrer", textContent: one.page }));
    return node;
  };
  let turn = 0;
  const search = async () => {
    const mine = ++turn;
    let all;
    try { all = await get("/desk/search", { words: $("find").value }); } catch (error) { $("count").textContent = error.message; return; }
    if (mine !== turn) return;
    const parts = [];
    for (const [list, kind, name] of [["cards", "card", "情形"], ["articles", "article", "法条"], ["channels", "", "渠道"]]) {
      if (all[list].length) parts.push(make("h3", { textContent: name }), ...all[list].map((one) => hit(kind, one)));
    }
    $("found").replaceChildren(...parts);
    const sum = all.cards.length + all.articles.length + all.channels.length;
    $("count").textContent = $("find").value.trim() ? `找到 ${sum} 条` : "";
  };
  const save = (blob, name) => {
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  let storing = Promise.resolve();
  const store = async () => {
    const facts = pad.facts.filter((fact) => fact.on).length;
    const title = pad.fields.lender || pad.facts.find((fact) => fact.on)?.text || "未命名";
    const { id, version } = pad;
    pad.unsaved = false;  // what is typed from here on is not in what is sent
    const body = { title: `${title.slice(0, 60)}（${facts} 项事实）`, body: JSON.stringify(pad), version };
    let kept;
    try { kept = await get("/desk/cases/" + id, body, { method: "PUT" }); } catch (error) {
      keep();
      if (error.status !== 409 || pad.id !== id || !confirm(error.message + "\n现在存成新的一份吗？")) throw error;
      Object.assign(pad, { id: uuid(), version: "" });
      return store();
    }
    if (pad.id === id) pad.version = kept.version;  // not where another case was opened meanwhile
    put();
    $("pad-said").textContent = "已存到服务器";
    await showCases();
  };
  const acts = {
    collect() {
      if (!current) return;
      let full = false;
      for (const list of LISTS) {
        const all = [...new Set([...pad[list], ...(current[list] || [])])];
        full ||= all.length > MOST;
        pad[list] = all.slice(0, MOST);
      }
      keep(); show();
      $("pad-said").textContent = full ? `记录满了：每项最多 ${MOST} 条，放不下的没有收进来` : "已收进记录：" + $("view").querySelector("h2").textContent;
    },
    wipe() {
      if (!sure()) return false;
      try { localStorage.removeItem(KEY); } catch { /* private mode */ }
      pad = blank(); show();
      $("pad-said").textContent = "已清空";
      return true;
    },
    // One after the other: each names the version that the one before made.
    store() { return storing = storing.catch(() => {}).then(store); },
    async verify() {
      const { citations: all, left_out: more } = await get("/api/check", { text: $("text").value });
      const [sound, wrong, unheld] = ["in_force", "wrong", "unheld"].map((outcome) => all.filter((one) => one.outcome === outcome));
      $("letter-said").textContent = [...wrong.map((one) => `${one.written}：${one.note || "请核对"}`), `${sound.length} 处条文现行有效、没有看出出入，请和原文对一遍`,
        ...(unheld.length ? [`${unheld.length} 处本站没有原文，请自己核对`] : []), ...(more ? [`还有 ${more} 处没有列出`] : [])].join("；");
    },
    async docx() {
      save(await get("/desk/export", { text: $("text").value }, { raw: true }), pad.letter.title + ".docx");
      $("letter-said").textContent = "已存成 Word";
    },
    md() { save(new Blob([$("text").value], { type: "text/markdown" }), pad.letter.title + ".md"); $("letter-said").textContent = "已存"; },
  };
  // Cases on the server, where the operator turned that on.
  const showCases = async () => {
    if (!stores) return;
    $("cases").replaceChildren(...(await get("/desk/cases")).map((one) => {
      const load = make("button", { type: "button", className: "hit", textContent: `${one.day}　${one.title}` });
      load.addEventListener("click", () => attempt(async () => {
        if (!sure()) return;
        const { body, version } = await get("/desk/cases/" + one.id);
        const kept = read(body);
        if (!kept) throw new Error("这份记录坏了，打不开。手上的这份没有动。");
        pad = { ...kept, id: one.id, version };
        put(); show();
        $("pad-said").textContent = "已打开";
      }));
      const gone = make("button", { type: "button", textContent: "×", ariaLabel: "从服务器删掉 " + one.title });
      gone.addEventListener("click", () => attempt(async () => {
        if (!confirm(`服务器上的这份记录会删掉，别的志愿者也打不开了，找不回来。要删掉吗？\n${one.title}`)) return;
        await get("/desk/cases/" + one.id, undefined, { method: "DELETE" });
        if (one.id === pad.id) { pad.version = ""; keep(); }
        await showCases();
      }));
      return make("li", {}, load, gone);
    }));
    $("words").dispatchEvent(new Event("input"));
  };
  const attempt = async (act, said = "pad-said") => { try { await act(); } catch (error) { $(said).textContent = error.message; } };
  const blanks = () => {
    const names = [...new Set([...$("text").value.matchAll(/【([^【】]*)】/g)].map((one) => one[1]))];
    $("blanks").textContent = names.length ? `还有 ${names.length} 种空要填：${names.map((name) => `【${name}】`).join("")}。` : "没有空了。";
  };
  const draft = (question) => {
    const words = JSON.stringify(question);
    save(new Blob([`+++\nid = "TODO"\ntitle = ${words}\nverdict = "depends"\nquestions = [\n  ${words},\n]\ncitations = []\nmentions = []\nchannels = ["12348"]\nrules = []\n+++\n\n## 结论\n\n## 为什么\n\n## 界限\n\n## 现在怎么做\n\n## 证据\n`]), "card-draft.md");
  };
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-open], [data-desk], [data-letter], [data-draft]");
    if (!target) return;
    const { open: kind, id, desk, letter: name, draft: question } = target.dataset;
    attempt(async () => {
      if (kind) await open(kind, id);
      else if (desk) await acts[desk]();
      else if (question !== undefined) draft(question);
      else {
        const body = { ...pad.fields, facts: pad.facts.filter((fact) => fact.on).map((fact) => fact.text),
          ...Object.fromEntries(LISTS.map((list) => [list, pad[list]])) };
        if (pad.letter?.edited && !confirm(`你改过的《${pad.letter.title}》会被新写的换掉。要换吗？`)) return;
        pad.letter = await get("/desk/letter/" + name, body);
        keep(); show();
        $("letter-said").textContent = "";
        $("letter-title").focus();
      }
    }, target.closest("#letter") ? "letter-said" : "pad-said");
  });
  // A textarea prints no more than it shows; and paper has no use for the marks of Word's headings.
  addEventListener("beforeprint", () => { $("paper").textContent = $("text").value.replace(/^#+ /gm, ""); });
  $("text").addEventListener("input", () => { Object.assign(pad.letter, { text: $("text").value, edited: true }); keep(); blanks(); });
  // One call at a time: every tab of this browser shows the same.
  addEventListener("storage", (event) => { if (event.key === KEY || event.key === null) { pad = read(event.newValue) || blank(); show(); } });
  let timer = 0;
  $("find").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 120); });
  $("pad").addEventListener("input", (event) => { if (event.target.name) { pad.fields[event.target.name] = event.target.value; keep(); } });
  $("pad").addEventListener("submit", (event) => event.preventDefault());
  $("fact").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.value.trim()) return;
    event.preventDefault();
    pad.facts.push({ text: event.target.value.trim(), on: true });
    event.target.value = "";
    keep(); show();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-act=leave]") && !acts.wipe()) event.stopPropagation();  // before page.js hears it
  }, true);
  $("logout").addEventListener("submit", (event) => { if (!acts.wipe()) event.preventDefault(); });
  // What was looked for before gives way to what is typed next.
  const find = () => { $("find").focus(); $("find").select(); };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return find();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.target.closest(".find")) {
      const stops = [$("find"), ...document.querySelectorAll("#found button")];
      const next = stops[stops.indexOf(document.activeElement) + step];
      if (next) { event.preventDefault(); next.focus(); }
      return;
    }
    if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = { "/": find, c: acts.collect, n: () => $("notes").focus(), l: () => $("letters").focus(),
      "[": () => document.querySelector("[data-near='[']")?.click(), "]": () => document.querySelector("[data-near=']']")?.click() };
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  show();
  attempt(showCases);
  $("find").focus();
  if ($("find").value) search();  // typed before the scripts were there
})();
