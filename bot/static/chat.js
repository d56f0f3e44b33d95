() => {
  // Gradio names the language that the browser prefers, in which nothing here is, as soon as its words for it have come.
  const page = document.documentElement;
  const chinese = () => { if (page.lang !== "zh-CN") page.lang = "zh-CN"; };
  new MutationObserver(chinese).observe(page, { attributeFilter: ["lang"] });
  chinese();
  const trouble = document.getElementById("trouble");
  const question = document.getElementById("question");
  const box = question.querySelector("textarea");
  // Without a connection Gradio says so in English, waits, and loads the page anew: the conversation would be gone.
  // It is told of a question that failed instead, and what was lost is said here.
  const LOST = 'data: {"msg": "unexpected_error", "success": false}\n\ndata: {"msg": "close_stream"}\n\n';
  // Gradio shows nothing between a question and its answer: a slow connection looked like a button that does nothing.
  question.dataset.wait = "正在查法条…";
  const waits = (on) => {
    if (question.ariaBusy === String(on)) return;  // the end of an answer comes twice: its turn, its stream
    question.ariaBusy = String(on);
    document.getElementById("said").textContent = on ? question.dataset.wait : "";
  };
  const lost = () => {
    waits(false);
    trouble.hidden = false;
    trouble.scrollIntoView({ block: "nearest" });
    stopped();
    return new Response(LOST, { status: 503 });
  };
  const kept = (body) => new ReadableStream({
    async start(controller) {
      const reader = body.getReader();
      try {
        for (let read = await reader.read(); !read.done; read = await reader.read()) controller.enqueue(read.value);
      } catch (error) {
        if (error.name !== "AbortError") controller.enqueue(new TextEncoder().encode("\n\n" + await lost().text()));
      }
      waits(false);  // where a notice came and no turn
      controller.close();
    },
  });
  let joined = 0;
  const real = window.fetch;
  window.fetch = async (...asked) => {
    const path = new URL(asked[0].url || asked[0], location.href).pathname;
    if (!path.includes("/gradio_api/queue/")) return real(...asked);
    if (path.endsWith("/queue/join")) {
      joined += 1;
      waits(true);
    }
    let reply;
    try { reply = await real(...asked); } catch { reply = lost(); }
    if (path.endsWith("/queue/data")) {
      if (!reply.ok) reply = lost();
      return new Response(reply.body && kept(reply.body), { headers: reply.headers });
    }
    return reply.ok || reply.headers.get("content-type")?.includes("json") ? reply : lost();
  };
  const type = (text) => {
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  // A question sent while a model writes stops it first, and is sent again until Gradio, which is hanging up, takes it.
  const button = (name) => document.querySelector(`#question .${name}-button`);
  const send = async () => {
    if (!button("stop")) { button("submit")?.click(); return; }
    button("stop").click();
    for (let tries = 0, taken = false; tries < 30 && !taken; tries += 1) {
      const [submit, before] = [button("submit"), joined];
      submit?.click();
      await new Promise((go) => setTimeout(go, 300));
      taken = Boolean(submit) && joined > before;
    }
  };
  const stopped = () => document.querySelectorAll("#talk .writing").forEach((one) => { one.textContent = "已停下。"; });
  // Gradio hands over each new turn in #latest; it is moved into the conversation, which lives in the page only.
  const latest = document.getElementById("latest");
  const move = () => {
    const turn = latest.querySelector(".turn");
    latest.querySelector(".notice")?.scrollIntoView({ block: "nearest" });  // it stands where the box would, at the end
    if (!turn || !window.lawPage) return;
    turn.remove();
    const shown = turn.dataset.turn && document.querySelector(`#talk [data-turn="${turn.dataset.turn}"]`);
    if (shown) { window.lawPage.grow(shown, turn); return; }
    const html = turn.outerHTML;
    waits(false);
    trouble.hidden = true;
    if (box?.value.trim() === turn.querySelector(".asked").lastChild.textContent.trim()) type("");  // not what is typed since
    document.body.classList.add("talking");
    document.querySelectorAll(".links a").forEach((link) => { link.target = "_blank"; });  // the conversation stays
    window.lawPage.add(html);
  };
  // Home is this page: it would be loaded anew, without the conversation.
  document.querySelector(".home").addEventListener("click", (event) => {
    if (!document.body.classList.contains("talking")) return;
    event.preventDefault();
    scrollTo({ top: 0 });
  });
  new MutationObserver(move).observe(latest, { childList: true, subtree: true });
  document.querySelector("gradio-app main")?.setAttribute("role", "presentation");  // the page has a main of its own
  const choices = document.getElementById("choices");
  choices?.setAttribute("role", "group");
  choices?.setAttribute("aria-label", "可以这样问");
  box?.setAttribute("autocomplete", "off");
  // A question handed over in the address (?q=…) is put in the box, not sent, and does not stay in the history.
  const handed = new URLSearchParams(location.search).get("q");
  if (handed !== null) history.replaceState(null, "", location.pathname);
  if (handed && box && !box.value) type(handed.slice(0, 500));
  // Stopped by the person: what was shown stays, and nothing says any more that the model is writing.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-act=stop]")) document.querySelector("#question .stop-button")?.click();
    if (!event.target.closest("#question .stop-button")) return;
    setTimeout(stopped, 300);
  }, true);
  // Enter sends, as people expect of a chat; Shift+Enter makes a new line. Not while a word is being composed.
  box?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    send();
  }, true);
}
