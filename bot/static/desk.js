// The volunteers' desk. The case stays in this browser and expires; text from anywhere is only ever set as text,
// and the views are fragments that our own server escaped.
(() => {
  const $ = (id) => document.getElementById(id);
  const root = document.querySelector(".desk").dataset.root + "/desk/";
  const KEY = "desk-case";
  const LIFE = 24 * 3600 * 1000;
  const FACTS = ["打了我家人、朋友、同事的电话", "把欠款告诉了别人", "一天打很多次电话", "晚上十点以后、早上八点以前打电话", "辱骂、威胁、恐吓",
    "冒充法院、公安、律师", "上门", "发布照片、姓名或身份证号", "强行读取了通讯录", "要求停止后仍然继续"];
  const blank = () => ({ facts: FACTS.map((text) => ({ text, on: false })), citations: [], evidence: [], steps: [], channels: [], fields: {}, at: Date.now() });
  let pad = blank();
  let current = null;
  let letter = "文书";
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) || "null");
    if (kept && Date.now() - kept.at < LIFE) pad = { ...pad, ...kept };
    else localStorage.removeItem(KEY);
  } catch { /* a spoiled case is no case */ }
  const keep = () => { try { localStorage.setItem(KEY, JSON.stringify({ ...pad, at: Date.now() })); } catch { /* private mode */ } };
  const make = (tag, props, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };
  const show = () => {
    $("facts").replaceChildren(...pad.facts.map((fact) => {
      const tick = make("input", { type: "checkbox", checked: fact.on });
      tick.addEventListener("change", () => { fact.on = tick.checked; keep(); });
      return make("label", {}, tick, make("span", { textContent: String(fact.text) }));
    }));
    for (const list of ["citations", "evidence"]) {
      $(list).replaceChildren(...pad[list].map((text) => {
        const gone = make("button", { type: "button", textContent: "×", ariaLabel: "去掉 " + text });
        gone.addEventListener("click", () => { pad[list] = pad[list].filter((one) => one !== text); keep(); show(); });
        return make("li", {}, make("span", { textContent: String(text) }), gone);
      }));
    }
    for (const field of $("pad").querySelectorAll("[name]")) field.value = pad.fields[field.name] || "";
  };
  const get = async (path, body, raw) => {
    const reply = await fetch(root + path, body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    if (reply.status === 401) { location.reload(); throw new Error("signed out"); }
    if (!reply.ok) throw new Error((await reply.json()).error);
    return raw ? reply.blob() : reply.json();
  };
  const open = async (kind, id) => {
    current = await get(kind + "/" + id.split("/").map(encodeURIComponent).join("/"));
    $("view").innerHTML = current.html;
    lawPage.dress($("view"));
    $("view").querySelector("h2").focus();
  };
  const hit = (kind, one) => {
    const node = one.id
      ? make("button", { type: "button", className: "hit" })
      : make("div", { className: "hit" });
    if (one.id) Object.assign(node.dataset, { open: kind, id: one.id });
    node.append(make("b", { textContent: one.title }), make("small", { textContent: [one.verdict, one.text].filter(Boolean).join("　") }));
    if (one.phone) node.append(make("a", { href: "tel:" + one.phone, textContent: "拨打 " + one.phone }), " ");
    if (/^https:/.test(one.page || "")) node.append(make("a", { href: one.page, target: "_blank", rel: "noopener noreferrer", textContent: one.page }));
    return node;
  };
  let turn = 0;
  const search = async () => {
    const mine = ++turn;
    let all;
    try { all = await get("search?q=" + encodeURIComponent($("find").value)); } catch (error) { $("count").textContent = error.message; return; }
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
  const acts = {
    collect() {
      if (!current) return;
      for (const list of ["citations", "evidence", "steps", "channels"]) pad[list] = [...new Set([...pad[list], ...(current[list] || [])])];
      keep(); show();
      $("count").textContent = "已收进记录";
    },
    wipe() { localStorage.removeItem(KEY); pad = blank(); show(); $("letter").hidden = true; $("text").value = ""; },
    async docx() {
      try { save(await get("export", { text: $("text").value }, true), letter + ".docx"); $("letter-said").textContent = "已存成 Word"; }
      catch (error) { $("letter-said").textContent = error.message; }
    },
    md() { save(new Blob([$("text").value], { type: "text/markdown" }), letter + ".md"); $("letter-said").textContent = "已存"; },
  };
  const draft = (question) => {
    const words = JSON.stringify(question);
    save(new Blob([`+++\nid = "TODO"\ntitle = ${words}\nverdict = "depends"\nquestions = [\n  ${words},\n]\ncitations = []\nchannels = ["12348"]\n+++\n\n## 结论\n\n## 为什么\n\n## 界限\n\n## 现在怎么做\n\n## 证据\n`]), "card-draft.md");
  };
  document.addEventListener("click", async (event) => {
    const target = event.target.closest("[data-open], [data-desk], [data-letter], [data-draft]");
    if (!target) return;
    const { open: kind, id, desk, letter: name, draft: question } = target.dataset;
    try {
      if (kind) await open(kind, id);
      else if (desk) await acts[desk]();
      else if (question !== undefined) draft(question);
      else {
        const { notes, ...fields } = pad.fields;
        const body = { ...fields, notes: notes || "", facts: pad.facts.filter((f) => f.on).map((f) => f.text), citations: pad.citations,
          evidence: pad.evidence, steps: pad.steps, channels: pad.channels };
        const made = await get("letter/" + name, body);
        letter = made.title;
        $("letter-title").textContent = made.title;
        $("text").value = made.text;
        $("letter").hidden = false;
        $("letter-title").focus();
      }
    } catch (error) { $("count").textContent = error.message; }
  });
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
  $("logout").addEventListener("submit", () => acts.wipe());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return $("find").focus();
    if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = { "/": () => $("find").focus(), c: acts.collect, n: () => $("notes").focus(), l: () => $("letters").focus() };
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  show();
  $("find").focus();
})();
