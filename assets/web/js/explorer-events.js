// The explorer that the page shows, and the events by which other modules follow it:
// "explorer:ready" once a new answer's explorer stands, "explorer:changed" with its numbers.

import { Explorer } from "./explorer.js";

/** @type {Explorer | null} */
let explorer = null;

/** Return the explorer that is on the page, or null. */
export function currentExplorer() {
  return explorer?.section.isConnected ? explorer : null;
}

/**
 * Fill a section with the explorer. The console and the tests reach it as `window.explorer`.
 * @param {HTMLElement} section
 * @param {Omit<import("./explorer.js").Options, "onChange">} options
 */
export function mountExplorer(section, options) {
  explorer = new Explorer(section, { ...options, onChange: announceChange });
  Object.assign(window, { explorer });
  return explorer;
}

/** Dispatch "explorer:changed" with what the explorer shows. */
export function announceChange() {
  const detail = explorer?.numbersShown();
  document.dispatchEvent(new CustomEvent("explorer:changed", { detail }));
}
