// Show only the lines of a list (situations, statutes, kept cases) that hold every word that is typed; what is typed
// stays in the page. Whoever changes the list lets the box hear of it by an input event.
(() => {
  const box = document.getElementById("words");
  const filter = document.getElementById("filter");
  const contents = document.querySelector(".parts");
  filter.hidden = false;
  const show = () => {
    const [parts, topics, lines] = [".part", ".part details", ".part li"].map((s) => [...document.querySelectorAll(s)]);
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const line of lines) {
      line.hidden = !words.every((word) => line.textContent.toLowerCase().includes(word));
      if (!line.hidden) found += 1;
    }
    for (const one of [...topics, ...parts]) one.hidden = !one.querySelector("li:not([hidden])");
    for (const topic of topics) topic.open = words.length > 0 && !topic.hidden;
    if (contents) contents.hidden = words.length > 0;
    filter.querySelector("[role=status]").textContent =
      !words.length ? "" : found ? `找到 ${found} ${filter.dataset.unit}` : filter.dataset.none;
  };
  box.addEventListener("input", show);
  if (box.value) show();  // the browser kept it on the way back
})();
