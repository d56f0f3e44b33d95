document.getElementById("demo-ask").addEventListener("click", () => window.BorrowerHelp.ask("催收给我爸妈打电话，违法吗？"));
