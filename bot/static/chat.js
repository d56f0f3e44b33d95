() => {
  // Gradio hands over each new turn in #latest; it is moved into the conversation, which lives in the page only.
  const latest = document.getElementById("latest");
  const move = () => {
    const turn = latest.querySelector(".turn");
    if (!turn || !window.lawPage) return;
    turn.remove();
    const shown = turn.dataset.turn && document.querySelector(`#talk [data-turn="${turn.dataset.turn}"]`);
    if (shown) { window.lawPage.grow(shown, turn); return; }
    const html = turn.outerHTML;
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
  const box = document.querySelector("#question textarea");
  box?.setAttribute("autocomplete", "off");
  // A question handed over in the address (?q=…) is put in the box, not sent, and does not stay in the history.
  const handed = new URLSearchParams(location.search).get("q");
  if (handed !== null) history.replaceState(null, "", location.pathname);
  if (handed && box && !box.value) {
    box.value = handed.slice(0, 500);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  // Stopped by the person: what was shown stays, and nothing says any more that the model is writing.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-act=stop]")) document.querySelector("#question .stop-button")?.click();
    if (!event.target.closest("#question .stop-button")) return;
    setTimeout(() => document.querySelectorAll("#talk .writing").forEach((one) => { one.textContent = "已停下。"; }), 300);
  }, true);
  // Enter sends, as people expect of a chat; Shift+Enter makes a new line. Not while a word is being composed.
  box?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    document.querySelector("#question .submit-button")?.click();
  }, true);
}
