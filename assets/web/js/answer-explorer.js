// The explorer of the page's answer. Its section comes as HTML, its numbers as a file.

import { currentAnswer, isAnswered } from "./answers.js";
import { trigger } from "./bridge.js";
import { announceChange, currentExplorer, mountExplorer } from "./explorer-events.js";
import { addToRequest } from "./request.js";

const MAX_TRIES = 50; // 20 ms each: Gradio shows a new answer's section soon after its events

/** @typedef {import("./attention-source.js").Part} Part */
/** @typedef {{url: string} | null} GradioFile */

/** @type {Partial<Record<Part, string>>} */
const received = {}; // the address of the file that came last
let numOpenings = 0;
let asked = ""; // id of the answer whose explorer was asked for last
let explored = ""; // id of the answer whose explorer is there

/** Return the explorer of the answer on the page, or null if it is not there yet. */
export function answerExplorer() {
  return explored === currentAnswer()?.id ? currentExplorer() : null;
}

/**
 * Ask for the explorer of the answer on the page, unless it is there.
 * @param {{again?: boolean}} [options] `again` asks also if it was asked for already
 */
export function exploreAnswer({ again = true } = {}) {
  const answer = currentAnswer();
  if (!answer || !isAnswered()) return; // another answer is on its way
  if (answerExplorer()) {
    document.dispatchEvent(new CustomEvent("explorer:ready"));
  } else if (again || answer.id !== asked) {
    asked = answer.id;
    trigger("explore");
  }
}

/**
 * Fill the section of a new answer.
 * @param {GradioFile} file queries and keys of all blocks, if the model is small enough
 */
export async function openExplorer(file) {
  numOpenings += 1;
  const opening = numOpenings;
  const section = await newSection();
  const isWhole = section && JSON.parse(section.dataset.explorer ?? "{}").whole;
  const buffer = isWhole ? await download(file) : null;
  if (opening !== numOpenings) return; // a newer answer came
  if (section?.isConnected) {
    const explorer = mountExplorer(section, { buffer, fetchPart: requestPart });
    if (isWhole && file && !buffer) explorer.give(null);
    explored = asked;
  } else if (explored !== asked) { // the request was stopped
    asked = explored;
  }
  if (!answerExplorer()) return;
  document.dispatchEvent(new CustomEvent("explorer:ready"));
  announceChange();
}

/** Return the section that is not filled yet, or null if the same answer was given again. */
async function newSection() {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const section = document.querySelector("#explorer .explorer:not([data-mounted])");
    if (section instanceof HTMLElement) return section;
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  return null;
}

/** @param {GradioFile} file */
async function download(file) {
  const response = file?.url ? await fetch(file.url).catch(() => null) : null;
  return response?.ok ? response.arrayBuffer() : null;
}

/**
 * @param {Part} part
 * @param {number} number
 */
function requestPart(part, number) {
  addToRequest({ number });
  trigger(part);
}

/**
 * Give the explorer a part that came. Without a new file, the status line has the reason.
 * @param {Part} part
 * @param {GradioFile} file
 */
export async function receivePart(part, file) {
  const isNew = file && file.url !== received[part];
  received[part] = file?.url;
  const buffer = isNew ? await download(file) : null;
  const explorer = currentExplorer();
  if (!explorer) return;
  explorer.layout.setWaiting(part, false);
  if (isNew) explorer.give(buffer);
  announceChange();
}
