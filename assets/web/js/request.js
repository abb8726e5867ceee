// What the visitor chose: the request of every event, in the form that request.py reads.

/** @typedef {{path: string} | {example: string}} ClipChoice */

/**
 * @typedef {object} Choices
 * @property {ClipChoice | null} clip
 * @property {string} model
 * @property {string} method empty for the best of the model
 * @property {string} label empty for the most likely one
 * @property {string} contrast
 * @property {number} start in seconds
 * @property {boolean} smooth
 * @property {boolean} sharper
 */

/** @type {Choices} */
export const choices = {
  clip: null, model: "", method: "", label: "", contrast: "", start: 0,
  smooth: true, sharper: false,
};
/** @type {Record<string, unknown>} */
const more = {}; // what single events need: a kind of file, a number, a mask
let count = 0; // of the events that the visitor started
let stopped = 0; // the same, when the visitor stopped last
let started = /** @type {Choices} */ ({ ...choices });
let known = ""; // the answer that the page holds

/**
 * Set what an event needs besides the choices.
 * @param {Record<string, unknown>} values
 */
export function addToRequest(values) {
  Object.assign(more, values);
}

/**
 * Set the id of the answer that the page holds.
 * @param {string} id
 */
export function setKnown(id) {
  known = id;
}

/** Count an event that the visitor starts. The server ends requests up to a count. */
export function countStart() {
  count += 1;
}

/** Return the request of an event that starts. */
export function request() {
  document.dispatchEvent(new CustomEvent("request:started"));
  return { ...choices, ...more, known, count };
}

/** Stop all that was started so far. */
export function markStop() {
  stopped = count;
}

/** Return the request of a stop. */
export function stopRequest() {
  return { count: stopped };
}

/** Return the request, and remember it for `startedRequest`. */
export function startRequest() {
  started = request();
  return started;
}

/** Return the request that was started last. */
export function startedRequest() {
  return started;
}
