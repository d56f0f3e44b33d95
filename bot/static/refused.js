// Shown in a frame on a site that is not listed: the launcher there says so too.
parent.postMessage({ type: "refused" }, "*");
