() => {
  // Gradio hands over each new turn in #latest; it is moved into the conversation, which lives in the page only.
  const latest = document.getElementById("latest");
  const move = () => {
    const turn = latest.querySelector(".turn");
    if (!turn || !window.lawPage) return;
    const html = turn.outerHTML;
    turn.remove();
    document.body.classList.add("talking");
    window.lawPage.add(html);
  };
  new MutationObserver(move).observe(latest, { childList: true, subtree: true });
  document.querySelector("gradio-app main")?.setAttribute("role", "presentation");  // the page has a main of its own
  const choices = document.getElementById("choices");
  choices?.setAttribute("role", "group");
  choices?.setAttribute("aria-label", "可以点的问题");
  const box = document.querySelector("#question textarea");
  box?.setAttribute("autocomplete", "off");
  // A question handed over in the address (?q=…) is put in the box, not sent, and does not stay in the history.
  const handed = new URLSearchParams(location.search).get("q");
  if (handed !== null) history.replaceState(null, "", location.pathname);
  if (handed && box && !box.value) {
    box.value = handed.slice(0, 500);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  // Enter sends, as people expect of a chat; Shift+Enter makes a new line. Not while a word is being composed.
  box?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    document.querySelector("#question .submit-button")?.click();
  }, true);
}
