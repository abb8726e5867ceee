// Opening a state of the page: its tab and its choices now, the explorer or the experiment later.

import { answerExplorer } from "./answer-explorer.js";
import { choose, isAnswered, known } from "./answers.js";
import { trigger } from "./bridge.js";
import { forgetClip } from "./clip.js";
import { scrollToElement } from "./dom.js";
import { startExperiment } from "./experiments.js";
import { currentExplorer } from "./explorer-events.js";
import { writeState } from "./permalink.js";
import { choices } from "./request.js";
import { TABS, showModel, showTab } from "./shell.js";

const EXPLORER_STATE = ["view", "block", "head", "frame", "row", "column"];
const RENAMED_EXPERIMENTS = new Map([["cover", "mask"]]); // older links have the first name

/** @type {Record<string, string>} */
const PLACES = { ...TABS, arithmetic: "explore", references: "how" }; // that links can show

/** @typedef {import("./permalink.js").State} State */

/** @type {State | null} */
let awaited = null; // the state to complete once the answer is here
let section = ""; // id of the section to open once it is drawn
let lastRun = ""; // the experiment that ran last, and on what

/**
 * Return the tab that shows a state.
 * @param {State} state
 */
export function tabOf(state) {
  if (state.show) return Object.hasOwn(PLACES, state.show) ? PLACES[state.show] : "see";
  if (state.try && state.try !== "check") return "experiment";
  return EXPLORER_STATE.some((key) => state[key]) ? "explore" : "see";
}

/**
 * Open a state: its tab now, its answer from the server, the rest once the answer is here.
 * @param {State} state
 */
export function showState(state) {
  awaited = state;
  section = Object.hasOwn(TABS, state.show ?? "") ? "" : state.show ?? "";
  const changes = changesTo(state);
  if ("clip" in changes) forgetClip();
  if (Object.keys(changes).length) choose(changes);
  showModel();
  showTab(tabOf(state));
  finishOpening();
}

/**
 * Return a name if the page offers it, or nothing. Links may name what does not exist any more.
 * @param {string | undefined} name
 * @param {string} attribute by which an element of the page offers it
 */
function offered(name, attribute) {
  const selector = name && `[${attribute}="${CSS.escape(name)}"]`;
  return selector && document.querySelector(`.stage ${selector}, #model ${selector}`) ? name : "";
}

/**
 * Return a start in seconds.
 * @param {string | undefined} text
 */
function startOf(text) {
  const start = Number(text);
  return Number.isFinite(start) && start > 0 ? start : 0;
}

/**
 * Return what a state chooses on the stage, or nothing if all of that is chosen already.
 * @param {State} state
 */
function changesTo({ label, than, start, ...state }) {
  const clip = offered(state.clip, "data-example");
  const model = offered(state.model, "value");
  const heatmap = Object.hasOwn(known.methods, state.heatmap ?? "") ? state.heatmap : "";
  const wanted = {
    ...(clip && { clip: { example: clip }, start: startOf(start) }),
    ...(model && model !== choices.model && { model }),
    ...(heatmap && { method: heatmap, label: label ?? "", contrast: than ?? "" }),
    ...(label && { label }), ...(than && { contrast: than }),
  };
  const isNew = Object.entries(wanted).some(([name, value]) => (
    JSON.stringify(value) !== JSON.stringify(choices[/** @type {keyof typeof choices} */ (name)])));
  return isNew ? wanted : {};
}

/** Leave the rest of a state undone. */
export function stopOpening() {
  awaited = null;
  section = "";
}

/** Return true if a state still waits for its answer, its explorer or its experiment. */
export function isOpening() {
  return Boolean(awaited);
}

/** Complete the state, as far as the page has come. */
export function finishOpening() {
  openSection();
  if (!awaited || !isAnswered()) return;
  const state = awaited;
  const explored = EXPLORER_STATE.filter((key) => state[key]);
  if (explored.length && !answerExplorer()) return;
  if (state.try && !canRun(state.try)) return;
  awaited = null;
  if (explored.length) {
    answerExplorer()?.show(Object.fromEntries(explored.map((key) => [key, state[key]])));
  }
  if (state.try) run(state.try);
}

function openSection() {
  const element = section ? document.getElementById(section) : null;
  if (!element) return;
  section = "";
  const isLesson = document.body.classList.contains("in-lesson"); // its evidence is in view
  if (isLesson) element.closest("details")?.setAttribute("open", "");
  else scrollToElement(element);
}

/**
 * Return true unless Gradio still has to draw the place of the result.
 * @param {string} name
 */
function canRun(name) {
  return name === "check" || Boolean(document.querySelector("#experiment-buttons"));
}

/**
 * Run an experiment, unless its result is on the page. An older result is stale until then.
 * @param {string} name
 */
function run(name) {
  const { clip, model, method, label, contrast } = choices;
  const key = JSON.stringify([name, clip, model, method, label, contrast]);
  const place = name === "check" ? "#checked .check" : "#experiment-result .experiment";
  const result = document.querySelector(place);
  if (key === lastRun && result && !result.classList.contains("stale")) return;
  result?.classList.add("stale");
  lastRun = key;
  if (name === "check") trigger("check");
  else startExperiment(RENAMED_EXPERIMENTS.get(name) ?? name);
}

function writeExplorerState() {
  const explorer = currentExplorer();
  if (awaited || !explorer) return;
  const entries = Object.entries(explorer.state).filter(([key]) => EXPLORER_STATE.includes(key));
  const changes = Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
  writeState(changes, { soon: true });
}

/** Complete states as their answers come, and keep the explorer's state in the address. */
export function startOpening() {
  document.addEventListener("explorer:ready", finishOpening);
  document.addEventListener("answer:shown", finishOpening);
  document.addEventListener("answer:failed", stopOpening);
  document.addEventListener("explorer:changed", writeExplorerState);
}
