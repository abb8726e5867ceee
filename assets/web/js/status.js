// Notices of the page's own modules, in the place of the server's status line.

import { getElement, makeElement, onPageChange } from "./dom.js";

/**
 * Show a notice.
 * @param {string} sentence
 * @param {{stage?: number | null, isAlert?: boolean}} [options] `stage` of the work, 0..1
 */
function showNotice(sentence, { stage = null, isAlert = false } = {}) {
  const notice = getElement("#notice");
  const bar = stage === null ? [] : [makeElement("progress", { max: 1, value: stage })];
  notice.setAttribute("role", isAlert ? "alert" : "status");
  notice.replaceChildren(...bar, makeElement("span", { textContent: sentence }));
}

/**
 * Show what is being done, and the share of it that is done, 0..1.
 * @param {string} sentence
 * @param {number | null} stage
 */
export function showStatus(sentence, stage = null) {
  showNotice(sentence, { stage });
}

/**
 * Show an error.
 * @param {string} sentence
 */
export function showAlert(sentence) {
  showNotice(sentence, { isAlert: true });
}

/** Hide the notice. */
export function clearNotice() {
  getElement("#notice").replaceChildren();
}

/** Hide a notice as soon as the server says something newer. */
export function startStatus() {
  let last = "";
  onPageChange(() => {
    const line = document.querySelector("#status .status");
    const text = line?.textContent ?? "";
    if (text && text !== last) {
      clearNotice();
      if (line?.getAttribute("role") === "alert") {
        document.dispatchEvent(new CustomEvent("answer:failed"));
      }
    }
    last = text;
  });
  document.addEventListener("answer:shown", clearNotice);
}
