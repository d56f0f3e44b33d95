// The chat without chrome: one form, one conversation, kept in the page. Talks with widget.js by messages.
(() => {
  const form = document.getElementById("ask");
  const box = form.question;
  const said = document.getElementById("said");
  const choices = document.getElementById("choices");
  const trouble = document.getElementById("trouble");
  const fail = (why, lang = "zh-CN") => { said.textContent = ""; Object.assign(trouble, { textContent: why, lang, hidden: false }); };
  const history = [];
  // Only the page that opened the panel hears, and only that something happened: never a word of what was said.
  const tell = (message) => { if (parent !== window) parent.postMessage(message, "*"); };
  const offer = (found) => choices.replaceChildren(...found.map(({ question, situation }) => {
    const button = Object.assign(document.createElement("button"), { type: "button", lang: "zh-CN", textContent: question });
    button.dataset.situation = situation;
    return button;
  }));
  // The words of the site around; not where this page stands alone: a link has opened it, and anybody can write one.
  if (parent !== window) {
    const greeting = document.querySelector(".greeting");
    greeting.textContent = greeting.dataset.site || greeting.textContent;
    if (choices.dataset.site) offer(JSON.parse(choices.dataset.site).map((question) => ({ question, situation: "" })));
  }
  // Server-sent events, one a state of the turn; EventSource itself cannot post.
  const states = async function* (reply) {
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const events = (rest + read.value).split("\n\n");
      rest = events.pop();
      for (const event of events) {
        const data = event.match(/^data: (.*)$/m);
        if (data) yield JSON.parse(data[1]);
      }
    }
  };
  const show = (question, state) => {
    lawPage.add(state.html);
    history.push({ role: "user", content: question }, { role: "assistant", content: state.remembered });
    offer(state.choices);
    if (box.value === question) box.value = "";  // not what was typed meanwhile
    tell({ type: "answer" });  // not what about: that is nobody else's business
    return document.getElementById("talk").lastElementChild;
  };
  // A question that the site hands over while another is under way has its turn after it; of several the last.
  let next = "";
  const idle = () => {
    form.ariaBusy = "false";
    const question = next;
    next = "";
    ask(question);
  };
  let writing = new AbortController();
  const ask = async (question, situation = "") => {
    if (!question.trim() || form.ariaBusy === "true") return;
    writing.abort();
    const mine = writing = new AbortController();
    form.ariaBusy = "true";
    trouble.hidden = true;
    Object.assign(said, { textContent: form.dataset.wait, lang: document.documentElement.lang });
    let turn = null;
    try {
      const reply = await fetch(form.action, {
        method: "POST", headers: { "content-type": "application/json" },
        body: JSON.stringify({ question, situation, history: history.slice(-12) }), signal: mine.signal,
      });
      if (!reply.ok) { fail((await reply.json()).error); return; }
      for await (const state of states(reply)) {
        if (turn) lawPage.grow(turn, document.createRange().createContextualFragment(state.html).querySelector(".turn"));
        else {
          turn = show(question, state);
          idle();  // a model may go on writing; the next question stops it
        }
      }
    } catch { if (!turn) fail(form.dataset.offline, document.documentElement.lang); } finally {
      if (turn) turn.querySelectorAll(".writing").forEach((one) => { one.textContent = "已停下。"; });
      else idle();
    }
  };
  document.addEventListener("click", (event) => { if (event.target.closest("[data-act=stop]")) writing.abort(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(box.value); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  choices.addEventListener("click", (event) => { if (event.target.matches("button")) ask(event.target.textContent, event.target.dataset.situation); });
  addEventListener("keydown", (event) => { if (event.key === "Escape") tell({ type: "close" }); });
  addEventListener("message", (event) => {
    if (event.source !== parent || !event.data) return;
    if (event.data.type === "focus") box.focus();
    // A help site may hand over a question of its own by BorrowerHelp.ask.
    if (event.data.type !== "ask") return;
    next = String(event.data.question).slice(0, 2000);
    if (form.ariaBusy !== "true") idle();
  });
  tell({ type: "ready" });
})();
