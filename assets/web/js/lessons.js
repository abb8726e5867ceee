// Lessons are links: the state behind their "#" opens the page, runs an example and shows a panel.

import {
  closestTo, getElement, getElements, getInputs, onPageChange, scrollToElement,
} from "./dom.js";
import { currentExplorer } from "./explorer-events.js";
import { catalogSection } from "./i18n.js";
import {
  flushState, parseHash, readState, replaceState, startPermalink, writeState,
} from "./permalink.js";
import { startTour } from "./tour.js";
import { forgetClip } from "./visitor-clip.js";

const EXPLORER_STATE = ["view", "block", "head", "frame", "row", "column"];
const CHOICES = ["clip", "model", "heatmap", "label", "than"];
const RENAMED_EXPERIMENTS = new Map([["cover", "mask"]]); // older links have the first name

/** @typedef {import("./permalink.js").State} State */

/** @type {{state: State, scroll: boolean} | null} */
let awaited = null; // the state to show once the answer is here

/**
 * Write what the visitor chose to the address.
 * @param {State} changes
 */
export function writeChoices(changes) {
  if ("clip" in changes) awaited = null; // the visitor took another clip than a link's
  writeState(changes);
}

/** Return the choices of the opened link as JSON. */
export function linkedChoices() {
  const choices = CHOICES.map((key) => [key, awaited?.state[key] ?? null]);
  return JSON.stringify(Object.fromEntries(choices));
}

/** @param {State} state */
function showPanels({ hide = "", guess = "", large = "", lesson = "" }) {
  document.body.dataset.hide = hide.replaceAll(",", " ");
  document.body.classList.toggle("guess", Boolean(guess));
  document.body.classList.toggle("large", Boolean(large));
  getElement('[data-do="large"]').setAttribute("aria-pressed", String(Boolean(large)));
  for (const box of getInputs("input[data-hide]")) {
    box.checked = hide.split(",").includes(box.dataset.hide ?? "");
  }
  for (const article of getElements("article.lesson")) {
    article.hidden = article.id !== `lesson-${lesson}`;
    getElement('[data-do="reveal"]', article).hidden = !guess;
  }
}

/**
 * Open a state: its panels now, its answer from the server, the rest once the answer is here.
 * @param {State} state
 * @param {{scroll: boolean}} options
 */
function openState(state, { scroll }) {
  showPanels(state);
  awaited = { state, scroll };
  if (state.clip) forgetClip();
  const [lesson] = getElements(".lesson:not([hidden])");
  if (lesson && scroll) {
    lesson.focus({ preventScroll: true });
    lesson.scrollIntoView({ block: "start" });
  }
  if (CHOICES.some((key) => state[key])) getElement("#open").click();
  else if (currentExplorer()) finishOpening();
}

function finishOpening() {
  if (!awaited) return;
  const { state, scroll } = awaited;
  awaited = null;
  const explored = EXPLORER_STATE.filter((key) => state[key]);
  if (explored.length) {
    currentExplorer()?.show(Object.fromEntries(explored.map((key) => [key, state[key]])));
  }
  const button = experimentButton(state.try);
  button?.click();
  const result = button && (state.try === "check" ? "checked" : "trials");
  const panel = state.show ?? result ?? (explored.length ? "explorer" : null);
  if (scroll && panel) scrollToElement(document.querySelector(`#${CSS.escape(panel)}`));
}

/**
 * Return the button of an experiment or of the deletion test, and of nothing else.
 * @param {string} name
 */
function experimentButton(name) {
  const current = RENAMED_EXPERIMENTS.get(name) ?? name;
  return getElements("#experiment-buttons button, #check").find(({ id }) => (
    id === `try-${current}` || (id === "check" && name === "check")
  ));
}

function writeExplorerState() {
  const explorer = currentExplorer();
  if (awaited || !explorer) return;
  const entries = Object.entries(explorer.state).filter(([key]) => EXPLORER_STATE.includes(key));
  const changes = Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
  writeState(changes, { soon: true });
}

/** @param {State} changes */
function changePanels(changes) {
  writeState(changes);
  showPanels(readState());
}

function restartLesson() {
  const { lesson, hide = "", large = "" } = readState();
  const [link] = getElements(`#lessons a[href^="#lesson=${CSS.escape(lesson)}&"]`);
  if (!(link instanceof HTMLAnchorElement)) return;
  replaceState({ ...parseHash(link.hash), hide, large });
  openState(readState(), { scroll: true });
}

/** @param {HTMLElement} button */
async function copyAddress(button) {
  const words = catalogSection("teachers");
  const output = button.parentElement?.querySelector("output");
  flushState();
  let message = words.copy_failed;
  try {
    await navigator.clipboard.writeText(location.href);
    message = readState().clip ? words.copied : words.copied_without_clip;
  } catch { /* the browser forbids it; the message is copy_failed */ }
  if (output) output.textContent = message;
}

/** @type {Record<string, (button: HTMLElement) => void>} */
const BUTTONS = {
  tour: startTour,
  lessons: () => scrollToElement(document.querySelector("#lessons")),
  large: () => changePanels({ large: readState().large ? "" : "1" }),
  reveal: () => changePanels({ guess: "" }),
  again: restartLesson,
  leave: () => {
    awaited = null;
    changePanels({ lesson: "", guess: "", try: "", show: "" });
  },
  copy: copyAddress,
};

/** Open the state of the address as soon as the page is built, and follow links and buttons. */
export function startLessons() {
  startPermalink((state) => openState(state, { scroll: true }));
  document.addEventListener("explorer:ready", finishOpening);
  document.addEventListener("explorer:changed", writeExplorerState);
  document.addEventListener("click", (event) => {
    const button = closestTo(event, "[data-do]");
    if (button) BUTTONS[button.dataset.do ?? ""]?.(button);
    const link = closestTo(event, ".languages a");
    if (link instanceof HTMLAnchorElement) { // another language opens with the same state
      flushState();
      link.hash = location.hash;
    }
  });
  document.addEventListener("change", ({ target }) => {
    if (!(target instanceof Element && target.matches("input[data-hide]"))) return;
    const hidden = getInputs("input[data-hide]:checked").map((box) => box.dataset.hide);
    changePanels({ hide: hidden.join(",") });
  });
  onPageChange(() => {
    const parts = ["nav.bar", "#open", "#lessons a"];
    if (!parts.every((selector) => document.querySelector(selector))) return false;
    document.documentElement.lang = getElement("nav.bar").lang;
    openState(readState(), { scroll: false });
    return true;
  });
}
