// Lessons: steps with a question, in a panel beside the part of the page that has the answer.

import { writeChoices } from "./answers.js";
import { closestTo, getElement, getElements, makeElement, onPageChange } from "./dom.js";
import {
  bringIntoView, isMarked, markEvidence, startEvidence, updateEvidence,
} from "./evidence.js";
import { fillTemplate } from "./i18n.js";
import {
  finishOpening, isOpening, showState, startOpening, stopOpening, tabOf,
} from "./opening.js";
import { endComparison } from "./panes.js";
import { readState, replaceState, startPermalink, writeState } from "./permalink.js";
import { closeShare, copyLink, openShare, startShare } from "./share.js";
import { TABS, openTabLink, showLarge, showTab } from "./shell.js";

/** @typedef {import("./permalink.js").State} State */
/** @typedef {{evidence: string, state: State}} Shown */
/**
 * A step; `right` is the number of the right answer, and 0 where there is none.
 * @typedef {Shown & {text: string, question: string, answers: string[], right: number,
 *   why: string, then: Shown | null}} Step
 */
/** @typedef {{title: string, steps: Step[]}} Lesson */

/** @type {{words: Record<string, string>, lessons: Record<string, Lesson>}} */
const { words, lessons } = JSON.parse(getElement("#lessons-data").textContent ?? "");
const panel = getElement("#lesson");
const find = (/** @type {string} */ selector) => getElement(selector, panel);

/** @typedef {{name: string, lesson: Lesson, number: number, isAnswered: boolean}} Open */

/** @type {Open | null} */
let open = null; // the step in the panel
let hasFailed = false; // the evidence of the step will not come
let showResult = () => {}; // shows whether an answer was right, once its evidence is on the page

/**
 * Return the parts that a lesson alone does not need.
 * @param {Lesson} lesson
 */
function unneededParts({ steps }) {
  const shown = steps.flatMap(({ state, then }) => [state, then?.state ?? state]);
  const tabs = new Set(shown.map(tabOf));
  return Object.keys(TABS).filter((part) => !tabs.has(TABS[part]));
}

/**
 * Return the parts that a state hides: those that it names, or all that its lesson does not need.
 * @param {State} state
 */
function hiddenParts({ hide = "", lesson = "" }) {
  if (hide) return hide === "none" ? [] : hide.split(",");
  return Object.hasOwn(lessons, lesson) ? unneededParts(lessons[lesson]) : [];
}

/** @param {State} state */
function showParts(state) {
  document.body.dataset.hide = hiddenParts(state).join(" ");
  document.body.classList.toggle("guess", Boolean(state.guess));
  showLarge(Boolean(state.large));
  showMoves();
}

/**
 * Open a state, or the step of the lesson that it names. Between tabs, the choices stay.
 * @param {State} state
 * @param {boolean} [isTab]
 */
function openState(state, isTab = false) {
  if (isTab && !open) {
    showTab(tabOf(state));
    writeChoices();
  } else if (Object.hasOwn(lessons, state.lesson ?? "")) {
    openStep(state.lesson, Number(state.step));
  } else if (state.guess) {
    openGuess(state);
  } else {
    closePanel();
    showParts(state);
    showState(state);
  }
}

/**
 * Open a step of a lesson. The lesson's own state replaces the rest of the address.
 * @param {string} name
 * @param {number} step counts from 1; a lesson opens with the first if it has no such step
 */
function openStep(name, step) {
  const lesson = lessons[name];
  const number = lesson.steps[step - 1] ? step : 1;
  const { hide = "", large = "" } = readState();
  replaceState({ lesson: name, step: String(number), hide, large });
  show({ name, lesson, number, isAnswered: false });
}

/**
 * Hide the prediction of any clip until the visitor asks for it.
 * @param {State} state
 */
function openGuess(state) {
  const step = {
    evidence: ".stage .picture", state, text: words.hidden, question: words.guess,
    answers: [words.reveal], right: 0, why: "",
    then: { evidence: ".stage .verdict", state: { ...state, guess: "" } },
  };
  const lesson = { title: lessons.predict.title, steps: [step] };
  show({ name: "", lesson, number: 1, isAnswered: false });
}

/** @param {Open} step */
function show(step) {
  open = step;
  const { lesson: { title, steps }, number } = step;
  const { text, question, answers, evidence, state } = steps[number - 1];
  panel.hidden = false;
  document.body.classList.add("in-lesson");
  find("h2 b").textContent = title;
  find("h2 span").textContent = steps.length > 1
    ? fillTemplate(words.step, { number, count: steps.length }) : "";
  find(".text").textContent = text;
  find(".question").textContent = question;
  find(".result").textContent = "";
  find(".answers").replaceChildren(...answers.map((textContent, i) => (
    makeElement("button", { type: "button", textContent, "data-answer": String(i + 1) }))));
  panel.classList.remove("answered");
  hasFailed = false;
  panel.scrollTop = 0;
  showResult = () => {};
  markEvidence("");
  endComparison();
  showParts({ ...readState(), ...state });
  showState(state);
  markEvidence(evidence);
  find("h2").focus({ preventScroll: true });
}

/** Show the buttons that make sense now. */
function showMoves() {
  if (!open) return;
  const { name, lesson: { steps }, number, isAnswered } = open;
  const isLast = number === steps.length;
  const isAlone = Boolean(document.body.dataset.hide);
  const button = (/** @type {string} */ action) => find(`[data-lesson="${action}"]`);
  button("next").hidden = !isAnswered || (isLast && (isAlone || !name));
  button("next").textContent = isLast ? words.next_lesson : words.next;
  button("back").hidden = number === 1;
  button("again").hidden = !isLast || !isAnswered || !name;
  button("share").hidden = !name || isAlone;
  button("leave").hidden = isAlone;
  button("everything").hidden = !isAlone;
}

/** Return true if what answers the question is on the page, or cannot come. */
function hasEvidence() {
  return hasFailed || (!isOpening() && isMarked());
}

/** @param {HTMLElement} chosen */
function answer(chosen) {
  if (!open || chosen.getAttribute("aria-disabled")) return;
  const step = open;
  const { right, why, then } = step.lesson.steps[step.number - 1];
  const number = Number(chosen.dataset.answer);
  for (const button of getElements("[data-answer]", panel)) {
    button.setAttribute("aria-disabled", "true");
    button.classList.toggle("chosen", button === chosen);
  }
  showResult = () => {
    showResult = () => {};
    step.isAnswered = true;
    getElements("[data-answer]", panel)[right - 1]?.classList.add("right");
    panel.classList.add("answered");
    const verdict = number === right ? words.right : words.wrong;
    find(".result").textContent = right ? `${verdict} ${why}` : "";
    showMoves();
    panel.scrollTop = panel.scrollHeight;
  };
  if (!then) {
    if (hasEvidence()) showResult(); // else as soon as the page has it
    return;
  }
  if (!open.name) writeState({ guess: "" });
  showParts({ ...readState(), ...then.state });
  showState(then.state);
  markEvidence(then.evidence);
}

/** @param {number} steps to go, in either direction */
function move(steps) {
  if (!open) return;
  const { name, lesson, number } = open;
  if (number + steps <= lesson.steps.length) {
    openStep(name, number + steps);
    return;
  }
  const names = Object.keys(lessons);
  openStep(names[(names.indexOf(name) + 1) % names.length], 1);
}

function closePanel() {
  open = null;
  panel.hidden = true;
  document.body.classList.remove("in-lesson");
  markEvidence("");
}

function leave() {
  stopOpening();
  closePanel();
  writeState({ lesson: "", step: "", guess: "", try: "", show: openTabLink() });
  showParts(readState());
  getElement("header.top [aria-current=page]").focus();
}

function share() {
  /** @type {State} */
  const state = { ...readState(), show: "" }; // the button is on this tab, not what it shares
  const { lesson, hide } = state;
  const usual = hiddenParts({ lesson });
  const hidden = hide && hide !== "none" ? hide.split(",") : usual;
  openShare({ state: lessons[lesson] ? { lesson } : state, hidden, usual });
}

/** @type {Record<string, () => void>} */
const BUTTONS = {
  next: () => move(1),
  back: () => move(-1),
  again: () => openStep(open?.name ?? "", 1),
  leave,
  share,
  everything: () => {
    writeState({ hide: "none" });
    showParts({ ...readState(), guess: document.body.classList.contains("guess") ? "1" : "" });
    find("h2").focus({ preventScroll: true });
  },
  copy: copyLink,
  close: closeShare,
};

/** Return true if the panel is a sheet over the lower part of the window. */
function isSheet() {
  return getComputedStyle(panel).getPropertyValue("--sheet").trim() === "1";
}

/** Open the state of the address, and follow links and buttons. */
export function startLessons() {
  startOpening();
  startShare();
  startPermalink(openState);
  startEvidence(panel, () => innerHeight - (isSheet() ? panel.offsetHeight : 0));
  new ResizeObserver(() => {
    document.body.style.setProperty("--lesson-height", `${panel.offsetHeight}px`);
    bringIntoView(); // the page has as much room below by now
  }).observe(panel);
  let isScheduled = false;
  onPageChange(() => { // at most once for each drawn frame
    if (isScheduled) return;
    isScheduled = true;
    requestAnimationFrame(() => {
      isScheduled = false;
      finishOpening();
      updateEvidence();
      const isOpen = !isOpening() && isMarked();
      panel.dataset.isOpen = String(isOpen);
      if (isOpen) showResult();
    });
  }, { attributes: true, attributeFilter: ["class", "hidden", "open", "style"] });
  document.addEventListener("answer:failed", () => {
    hasFailed = true;
    showResult();
  });
  document.addEventListener("click", (event) => {
    const button = closestTo(event, "[data-lesson]");
    if (button) BUTTONS[button.dataset.lesson ?? ""]?.();
    const chosen = closestTo(event, "#lesson [data-answer]");
    if (chosen) answer(chosen);
  });
  if (Object.keys(readState()).length) openState(readState());
}
