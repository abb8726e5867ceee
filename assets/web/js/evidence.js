// The evidence of a lesson's step: the parts of the page that are marked and kept in view.

import { getElements } from "./dom.js";

const MARGIN = 12; // pixels between the evidence and the edges of the free part of the window

let selector = "";
let isFollowed = false; // until the visitor scrolls
/** @type {HTMLElement[]} */
let marked = [];
/** @type {() => number} */
let freeHeight = () => innerHeight;

/**
 * Mark the elements that match a selector, now and as the page draws them; "" marks none.
 * @param {string} evidence
 */
export function markEvidence(evidence) {
  selector = evidence;
  isFollowed = Boolean(evidence);
  updateEvidence();
}

/** Return true if the evidence is on the page. */
export function isMarked() {
  return marked.length > 0;
}

/** Mark what the page shows by now. */
export function updateEvidence() {
  const matching = selector ? getElements(selector) : [];
  matching.forEach(openSection);
  const found = matching.filter(isShown);
  const isSame = found.every((element, i) => element === marked[i]);
  if (isSame && found.length === marked.length) return;
  for (const element of marked) element.classList.remove("evidence");
  for (const element of found) element.classList.add("evidence");
  marked = found;
  bringIntoView();
}

/**
 * Open the experiment or section around an element.
 * @param {HTMLElement} element
 */
function openSection(element) {
  const closed = element.closest("details:not([open])");
  if (closed && element.closest(".experiment, .collapsible")) closed.setAttribute("open", "");
}

/**
 * Return true for an element that is drawn and up to date.
 * @param {HTMLElement} element
 */
function isShown(element) {
  return element.getClientRects().length > 0 && !element.closest(".stale");
}

/** Scroll until all of the evidence, or its beginning, is in the free part of the window. */
export function bringIntoView() {
  if (!isFollowed || !marked.length) return;
  const boxes = marked.map((element) => element.getBoundingClientRect());
  const top = Math.min(...boxes.map((box) => box.top));
  const height = Math.max(...boxes.map((box) => box.bottom)) - top;
  const free = freeHeight();
  if (top >= 0 && top + height <= free) return;
  const wanted = Math.max(MARGIN, (free - height) / 2);
  window.scrollBy({ top: top - wanted, behavior: "instant" });
}

/**
 * Keep the evidence in view while the page grows, until the visitor scrolls.
 * @param {HTMLElement} panel that lies beside or over the page
 * @param {() => number} measureFree returns the height of the window above the panel
 */
export function startEvidence(panel, measureFree) {
  freeHeight = measureFree;
  new ResizeObserver(bringIntoView).observe(document.body);
  window.addEventListener("resize", bringIntoView);
  for (const event of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(event, ({ target }) => {
      if (!(target instanceof Node && panel.contains(target))) isFollowed = false;
    }, { passive: true });
  }
}
