// Notices of the page's own modules, in the place of the server's status line.

import { getElement, makeElement, onPageChange } from "./dom.js";
import { catalogSection } from "./i18n.js";

const KEPT_MS = 6000;
/** @type {number | undefined} */
let keptTimer; // while answers must not hide the notice

/**
 * Show the progress of an upload, with a button that cancels it.
 * @param {string} sentence
 * @param {number} stage share that is done, 0..1
 */
export function showProgress(sentence, stage) {
  const notice = getElement("#notice");
  const bar = notice.querySelector("progress");
  if (bar) { // the button stays, also under a finger
    bar.value = stage;
    getElement("span", notice).textContent = sentence;
    return;
  }
  const cancel = makeElement("button", {
    type: "button", textContent: catalogSection("stage").cancel,
  });
  cancel.dataset.do = "cancel";
  showNotice("status", makeElement("progress", { max: 1, value: stage }),
    makeElement("span", { textContent: sentence }), cancel);
}

/**
 * Show a notice.
 * @param {"status" | "alert"} role
 * @param {HTMLElement[]} parts
 */
function showNotice(role, ...parts) {
  stopKeeping();
  const notice = getElement("#notice");
  notice.setAttribute("role", role);
  notice.replaceChildren(...parts);
}

/**
 * Show an error.
 * @param {string} sentence
 */
export function showAlert(sentence) {
  showNotice("alert", makeElement("span", { textContent: sentence }));
}

/** Hide the notice, unless it is kept. */
export function clearNotice() {
  if (keptTimer === undefined) getElement("#notice").replaceChildren();
}

/** Hide a notice that is no error. An error stays until the visitor starts something. */
function clearProgress() {
  if (!getElement("#notice").matches("[role=alert]")) clearNotice();
}

function stopKeeping() {
  clearTimeout(keptTimer);
  keptTimer = undefined;
}

/**
 * Show a sentence for some seconds, or until progress or an error comes.
 * @param {string} sentence
 */
function keepNotice(sentence) {
  showNotice("status", makeElement("span", { textContent: sentence }));
  keptTimer = setTimeout(() => {
    stopKeeping();
    clearNotice();
  }, KEPT_MS);
}

/** Say that the work was stopped, and hide its progress, which may still be on its way. */
export function showStopped() {
  document.body.classList.add("stopped");
  showNotice("status", makeElement("span", { textContent: catalogSection("stage").stopped }));
  document.dispatchEvent(new CustomEvent("answer:failed"));
}

/**
 * Follow a newer status line of the server.
 * @param {Element | null} line
 * @param {string} text its text, which is not empty
 */
function followLine(line, text) {
  const isError = line?.getAttribute("role") === "alert";
  if (line?.matches("[role=alert], :has(progress)")) stopKeeping();
  if (isError) clearNotice();
  else clearProgress();
  if (line instanceof HTMLElement && "kept" in line.dataset) keepNotice(text);
  if (isError) document.dispatchEvent(new CustomEvent("answer:failed"));
}

/** Hide notices as the server says something newer, or the visitor starts something. */
export function startStatus() {
  let last = "";
  onPageChange(() => {
    if (document.body.classList.contains("stopped")) return;
    const line = document.querySelector("#status .status");
    const text = line?.textContent ?? "";
    if (text && text !== last) followLine(line, text);
    last = text;
  });
  document.addEventListener("answer:shown", clearProgress);
  document.addEventListener("event:triggered", clearNotice);
  document.addEventListener("request:started", () => document.body.classList.remove("stopped"));
}
