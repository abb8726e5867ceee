// The answers: which one the page shows, and what has to be asked for.

import { receiveAnswers, trigger } from "./bridge.js";
import { writeState } from "./permalink.js";
import { choices, setKnown, startedRequest } from "./request.js";

const MAX_ANSWERS = 32; // of about 200 kB each
const SOON_MS = 150; // several choices in a row, by arrow keys too, make one request

/**
 * @typedef {object} Heatmap
 * @property {string} key method and labels
 * @property {string} name
 * @property {string} values
 * @property {string} moved empty unless the method tells what is due to motion
 * @property {[number, number]} grid
 * @property {string} top
 * @property {number[]} shares
 * @property {string} text
 * @property {string} numbers
 * @property {string} curve
 * @property {string} caveats
 */

/** @typedef {{label: string, text: string, share: number, percent: string}} Prediction */

/**
 * @typedef {object} Answer
 * @property {string} id
 * @property {string} model
 * @property {string | null} example
 * @property {string[]} frames
 * @property {[number, number]} size
 * @property {[number, number, number, number]} box
 * @property {number[]} times
 * @property {number} start
 * @property {number} duration
 * @property {Prediction[]} predictions
 * @property {[string, string][]} labels
 * @property {string} verdict
 * @property {string} sure
 * @property {boolean} isUnsure
 * @property {string} limits of what the model knows
 * @property {string} part
 * @property {string[]} notes
 * @property {string} details
 * @property {Heatmap[]} heatmaps
 * @property {string} shown
 */

/**
 * What the page knows before the first answer. `methods` are true if they explain one label, and
 * `slow` ones are no part of a first answer; `colours` are hexadecimal digits.
 * @type {{methods: Record<string, boolean>, slow: string[], unmeasured: string, colours: string,
 *   models: Record<string, {method: string, methods: string[], seconds: number | null}>}} */
export const known = JSON.parse(document.querySelector("#known")?.textContent ?? "{}");
/** @type {Answer | null} */
const first = JSON.parse(document.querySelector("#first")?.textContent ?? "null");
/** @type {Map<string, Answer>} */
const answers = new Map(); // those that the page holds, by clip, model and start
/** @type {Answer | null} */
let current = null;
/** @type {import("./request.js").Choices | null} */
let shownChoices = null; // those that the page shows
/** @type {(answer: Answer) => void} */
let onShow = () => {};
/** @type {number | undefined} */
let timer;

/** Return the answer that the page shows, or null. */
export function currentAnswer() {
  return current;
}

/** Return true if the answer to what is chosen is here, with its heatmap. */
export function isAnswered() {
  const answer = answers.get(keyOf(choices.clip, choices.model, choices.start));
  return Boolean(answer && heatmapOf(answer));
}

/** Return what is known of the chosen model. */
export function knownModel() {
  const unknown = { method: known.unmeasured, methods: Object.keys(known.methods), seconds: null };
  return Object.hasOwn(known.models, choices.model) ? known.models[choices.model] : unknown;
}

/** Return the chosen method. */
export function chosenMethod() {
  return choices.method || knownModel().method;
}

/**
 * Return true if the heatmap of a method differs from label to label.
 * @param {string} method
 */
export function isOfLabel(method) {
  return known.methods[method];
}

/**
 * Return the heatmap of an answer by a method and the chosen labels, if it came already.
 * @param {Answer} answer
 * @param {string} [method]
 * @param {boolean} [isSharper]
 */
export function heatmapOf(answer, method = chosenMethod(), isSharper = choices.sharper) {
  const labels = isOfLabel(method)
    ? [choices.label || answer.predictions[0].label, choices.contrast] : [];
  const name = isSharper ? `${method}+sharper` : method;
  const key = [name, ...labels.filter(Boolean)].join("|");
  return answer.heatmaps.find((heatmap) => heatmap.key === key);
}

/**
 * @param {import("./request.js").ClipChoice | null} clip
 * @param {string} model
 * @param {number} start
 */
function keyOf(clip, model, start) {
  return JSON.stringify([clip, model, start]);
}

/**
 * Show an answer that came. One that the page holds already brings heatmaps only.
 * @param {Answer} sent
 */
function receive(sent) {
  const held = [...answers.values()].find(({ id }) => id === sent.id);
  const answer = held
    ? { ...held, ...sent, heatmaps: mergeHeatmaps(held.heatmaps, sent.heatmaps) } : sent;
  if (!answer.frames) return; // the visitor left its clip meanwhile
  const { clip, model, start } = startedRequest(); // the server answers the last one only
  const example = clip && "example" in clip ? clip.example : answer.example;
  const isOfRequest = answer.model === model && answer.start === start;
  if (!isOfRequest || answer.example !== example) return; // it was on its way before
  const key = keyOf(clip, model, start);
  answers.set(key, answer);
  const [oldest] = answers.keys();
  if (answers.size > MAX_ANSWERS) answers.delete(oldest);
  if (key === keyOf(choices.clip, choices.model, choices.start)) show(answer);
}

/**
 * @param {Heatmap[]} old
 * @param {Heatmap[]} more
 */
function mergeHeatmaps(old, more) {
  const keys = new Set(more.map(({ key }) => key));
  return [...old.filter(({ key }) => !keys.has(key)), ...more];
}

/** @param {Answer} answer */
function show(answer) {
  current = answer;
  if (heatmapOf(answer)) shownChoices = { ...choices };
  setKnown(answer.id);
  onShow(answer);
  document.dispatchEvent(new CustomEvent("answer:shown"));
}

/** After an error or a stop, choose again what the page still shows. */
function restoreChoices() {
  if (!current && first) { // a link asked for what cannot be answered
    Object.assign(choices, { model: first.model, method: "", label: "", contrast: "" });
    choices.clip = null;
    showFirst();
    writeChoices();
  }
  if (!current || !shownChoices || isAnswered()) return;
  Object.assign(choices, shownChoices, { smooth: choices.smooth });
  writeChoices();
  onShow(current);
}

/** Write the choices into the address. */
export function writeChoices() {
  const { clip, model, method, label, contrast } = choices;
  const example = clip && "example" in clip ? clip.example : "";
  const start = example && choices.start ? String(choices.start) : "";
  writeState({ clip: example, model, heatmap: method, label, than: contrast, start });
}

/**
 * Choose a clip, a model or a heatmap. Show its answer at once if it is here, or ask for it.
 * @param {Partial<import("./request.js").Choices>} changes
 */
export function choose(changes) {
  const isSlow = known.slow.includes(choices.method); // the quick answer comes first then
  const quick = { start: 0, sharper: false, ...(isSlow && { method: "" }) };
  const other = "clip" in changes ? quick : {};
  const labels = "clip" in changes || "model" in changes ? { label: "", contrast: "" } : {};
  Object.assign(choices, other, labels, changes);
  if ("model" in changes) {
    if (!knownModel().methods.includes(choices.method)) choices.method = "";
    trigger("model");
  }
  writeChoices();
  clearTimeout(timer);
  trigger("clear");
  if (!choices.clip) return;
  const answer = answers.get(keyOf(choices.clip, choices.model, choices.start));
  if (answer) show(answer);
  if (answer && heatmapOf(answer)) return;
  document.dispatchEvent(new CustomEvent("answer:awaited"));
  timer = setTimeout(() => trigger("ask"), SOON_MS);
}

/** Forget the answers of the visitor's own clips. */
export function forgetOwnAnswers() {
  clearTimeout(timer);
  for (const [key, { example }] of answers) if (!example) answers.delete(key);
  if (current && !current.example) current = null;
  setKnown(current?.id ?? "");
}

/**
 * Receive answers, and show each with a function.
 * @param {(answer: Answer) => void} showAnswer
 */
export function startAnswers(showAnswer) {
  onShow = showAnswer;
  choices.model = Object.keys(known.models)[0] ?? "";
  receiveAnswers(receive);
  document.addEventListener("answer:failed", restoreChoices);
  if (first) answers.set(keyOf({ example: first.example ?? "" }, first.model, 0), first);
}

/** Show the example in the page's HTML, or ask for one, unless the address has chosen a clip. */
export function showFirst() {
  if (choices.clip) return;
  if (!first) {
    document.querySelector(".stage [data-example]")?.dispatchEvent(
      new MouseEvent("click", { bubbles: true }),
    );
    return;
  }
  const clip = { example: first.example ?? "" };
  if (choices.model !== first.model || choices.method) {
    choose({ clip });
    return;
  }
  choices.clip = clip;
  show(first);
}
