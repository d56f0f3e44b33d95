/* The launcher for help sites: <script src="https://bot.example/widget.js" data-… defer></script>
   It loads nothing else until it is opened; the chat then comes in an iframe, so styles never mix.
   Works under: script-src https://bot.example; frame-src https://bot.example (no inline style, no eval). A browser
   without adoptedStyleSheets needs a style element, which such a policy allows by the script's nonce alone: without
   one the launcher is plain, at the end of the page.
   What a person says stays in the iframe: the page around it learns only that something happened. */
(() => {
  "use strict";
  const me = document.currentScript;
  if (!me || window.BorrowerHelp) return; // a second one on the page does nothing
  const data = me.dataset;
  const bot = new URL(".", me.src).href;
  const words = {
    zh: { open: "问法律助手", title: "借款人法律助手", close: "关闭", wait: "正在打开…", direct: "在新窗口打开",
      refused: "助手没有打开。可能是网络不通，也可能是本站没有在助手那边登记。" },
    "zh-TW": { open: "問法律助手", title: "借款人法律助手", close: "關閉", wait: "正在開啟…", direct: "在新視窗開啟",
      refused: "助手沒有開啟。可能是網路不通，也可能是本站沒有在助手那邊登記。" },
    en: { open: "Ask about debt law", title: "Borrower legal help", close: "Close", wait: "Opening…", direct: "Open in a new window",
      refused: "The helper did not open: no connection, or this site is not on its list of allowed origins." },
  };
  const lang = words[data.lang] ? data.lang : "zh";
  const text = words[lang];
  const colour = data.colour || "";
  const side = data.side === "left" ? "left" : "right";
  const make = (tag, props, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };
  const host = make("div", { lang: lang === "zh" ? "zh-CN" : lang });
  const root = host.attachShadow({ mode: "open" });
  const css = `
    :host { all: initial; --c: #0a5a8c; font: 16px/1.5 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif; }
    button { font: inherit; cursor: pointer; }
    button:focus-visible, a:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #1a1f24; }
    .go { position: fixed; bottom: 16px; ${side}: 16px; z-index: 2147483000; min-height: 48px; padding: 8px 20px; color: #fff;
      background: var(--c); border: 2px solid #fff; border-radius: 24px; box-shadow: 0 2px 10px #0005; }
    .panel { position: fixed; bottom: 16px; ${side}: 16px; z-index: 2147483001; width: 400px; height: min(680px, calc(100vh - 32px));
      display: flex; flex-direction: column; background: Canvas; color: CanvasText; border: 1px solid #5b6670; border-radius: 12px;
      overflow: hidden; box-shadow: 0 6px 30px #0006; }
    .bar { display: flex; align-items: center; justify-content: space-between; background: var(--c); color: #fff; padding: 4px 6px 4px 14px; }
    .bar button { min-width: 44px; min-height: 44px; color: #fff; background: none; border: 0; font-size: 22px; }
    iframe { flex: 1; border: 0; width: 100%; min-height: 0; }
    .note { margin: 0; padding: 12px 14px; } .note a { color: LinkText; }
    [hidden] { display: none !important; }
    @media (max-width: 520px) { .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; } }
    @media print { .go, .panel { display: none; } }`;
  if ("adoptedStyleSheets" in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } else root.append(make("style", { nonce: me.nonce, textContent: css })); // Safari before 16.4
  if (colour && CSS.supports("color", colour)) host.style.setProperty("--c", colour);

  const launcher = make("button", { className: "go", type: "button", textContent: data.label || text.open });
  launcher.setAttribute("aria-expanded", "false");
  const shut = make("button", { type: "button", textContent: "×", ariaLabel: text.close });
  const note = make("p", { className: "note", textContent: text.wait });
  note.setAttribute("role", "status");
  // Two stops that hand the focus on, so that Tab stays inside the open panel.
  const first = make("span", { tabIndex: 0 });
  const last = make("span", { tabIndex: 0 });
  const panel = make("div", { className: "panel", hidden: true }, first,
    make("div", { className: "bar" }, make("strong", { textContent: data.title || text.title }), shut), note, last);
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-modal", "true");
  panel.setAttribute("aria-label", data.title || text.title);
  root.append(launcher, panel);

  let frame = null;
  let ready = false;
  let late = 0;
  let back = null; // what had the focus when a script opened the panel
  const waiting = [];
  const tell = (name, detail = {}) => document.dispatchEvent(new CustomEvent("borrowerhelp:" + name, { detail }));
  const post = (message) => frame.contentWindow.postMessage(message, new URL(bot).origin);
  const address = () => {
    const url = new URL("embed", bot);
    url.searchParams.set("lang", lang);
    for (const key of ["topic", "greeting"]) if (data[key]) url.searchParams.set(key, data[key]);
    (data.questions || "").split("|").map((q) => q.trim()).filter(Boolean).slice(0, 5)
      .forEach((q) => url.searchParams.append("questions", q));
    return url.href;
  };
  const load = () => {
    frame = make("iframe", { src: address(), title: data.title || text.title, allow: "clipboard-write", referrerPolicy: "origin",
      width: "100%", height: "600" }); // where no style is allowed
    last.before(frame);
    late = setTimeout(() => failed("slow"), 5000);
  };
  // Slow: the panel may still come. Refused: the panel says so itself.
  const failed = (why) => {
    note.replaceChildren(text.refused + " ", make("a", { href: bot, target: "_blank", rel: "noopener", textContent: text.direct }));
    tell(why);
  };
  const api = {
    open() {
      const opener = document.activeElement;
      if (panel.hidden && opener !== host) back = opener;
      if (!frame) load();
      panel.hidden = false;
      launcher.hidden = true;
      launcher.setAttribute("aria-expanded", "true");
      shut.focus();
      if (ready) post({ type: "focus" });
      tell("open");
    },
    close() {
      if (panel.hidden) return;
      panel.hidden = true;
      launcher.hidden = false;
      launcher.setAttribute("aria-expanded", "false");
      (back && back !== document.body && back.isConnected ? back : launcher).focus();
      back = null;
      tell("close");
    },
    ask(question) {
      api.open();
      const message = { type: "ask", question: String(question).slice(0, 2000) };
      if (ready) post(message); else waiting.push(message);
    },
  };
  launcher.addEventListener("click", api.open);
  shut.addEventListener("click", api.close);
  first.addEventListener("focus", () => (ready ? frame : shut).focus());
  last.addEventListener("focus", () => shut.focus());
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") api.close(); });
  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== new URL(bot).origin) return;
    const type = event.data && event.data.type;
    if (type === "ready" || type === "refused") clearTimeout(late);
    if (type === "ready") {
      ready = true;
      note.hidden = true;
      tell("ready");
      post({ type: "focus" });
      waiting.splice(0).forEach(post);
    } else if (type === "refused") failed("refused");
    else if (type === "close") api.close();
    else if (type === "answer") tell("answer", {});
  });
  window.BorrowerHelp = api;
  const put = () => document.body.append(host);
  if (document.body) put(); else addEventListener("DOMContentLoaded", put);
})();
