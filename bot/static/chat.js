() => {
  // Gradio hands over each new turn in #latest; it is moved into the conversation, which lives in the page only.
  document.documentElement.lang = "zh-CN";
  const latest = document.getElementById("latest");
  const move = () => {
    const turn = latest.querySelector(".turn");
    if (!turn || !window.lawPage) return;
    const html = turn.outerHTML;
    turn.remove();
    window.lawPage.add(html);
  };
  new MutationObserver(move).observe(latest, { childList: true, subtree: true });
  const box = document.querySelector("#question textarea");
  // Enter sends, as people expect of a chat; Shift+Enter makes a new line. Not while a word is being composed.
  box?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    document.querySelector("#question .submit-button")?.click();
  }, true);
}
