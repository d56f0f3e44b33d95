// The chat without chrome: one form, one conversation, kept in the page. Talks with widget.js by messages.
(() => {
  const form = document.getElementById("ask");
  const box = form.question;
  const said = document.getElementById("said");
  const choices = document.getElementById("choices");
  const trouble = document.getElementById("trouble");
  const fail = (why) => { said.textContent = ""; trouble.textContent = why; trouble.hidden = false; };
  const history = [];
  // Only the page that opened the panel hears, and only that something happened: never a word of what was said.
  const tell = (message) => { if (parent !== window) parent.postMessage(message, "*"); };
  const offer = (texts) => choices.replaceChildren(...texts.map((text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    return button;
  }));
  const ask = async (question) => {
    if (!question.trim() || form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    trouble.hidden = true;
    said.textContent = form.dataset.wait;
    try {
      const reply = await fetch(form.action, {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ question, history: history.slice(-8) }),
      });
      const body = await reply.json();
      if (!reply.ok) { fail(body.error); return; }
      lawPage.add(body.html);
      history.push({ role: "user", content: question }, { role: "assistant", content: body.conclusion });
      offer(body.choices);
      box.value = "";
      tell({ type: "answer" });  // not what about: that is nobody else's business
    } catch { fail(form.dataset.offline); } finally { form.ariaBusy = "false"; }
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(box.value); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  choices.addEventListener("click", (event) => { if (event.target.matches("button")) ask(event.target.textContent); });
  addEventListener("keydown", (event) => { if (event.key === "Escape") tell({ type: "close" }); });
  addEventListener("message", (event) => {
    if (event.source !== parent || !event.data) return;
    if (event.data.type === "focus") box.focus();
    // A help site may hand over a question of its own by BorrowerHelp.ask.
    if (event.data.type === "ask") ask(String(event.data.question).slice(0, 2000));
  });
  tell({ type: "ready" });
})();
