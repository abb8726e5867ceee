// The download menu: a file is made when it is asked for, and saved as soon as it is there.

import { trigger } from "./bridge.js";
import { closestTo, makeElement } from "./dom.js";
import { addToRequest } from "./request.js";

let last = "";

/**
 * Save a file that was made.
 * @param {{url: string, orig_name?: string} | null} file
 */
export function receiveDownload(file) {
  if (!file?.url || file.url === last) return;
  last = file.url;
  makeElement("a", { href: file.url, download: file.orig_name ?? "" }).click();
}

/** Follow the menu and the button of the heatmap's test. */
export function startDownloads() {
  document.addEventListener("click", (event) => {
    const button = closestTo(event, ".stage button");
    const kind = button?.dataset.download;
    if (kind) {
      last = "";
      addToRequest({ kind });
      trigger("download");
      button.closest("details")?.removeAttribute("open");
    }
    if (button?.dataset.do === "check") trigger("check");
  });
}
