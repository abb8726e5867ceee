// The heatmaps of the stage: one, or two side by side.

import { chosenMethod, currentAnswer, heatmapOf } from "./answers.js";
import { getElement, getElements, makeElement } from "./dom.js";
import { Pane } from "./pane.js";

/** @typedef {import("./answers.js").Answer} Answer */

const find = (/** @type {string} */ selector) => getElement(`.stage ${selector}`);

/** @type {Pane[]} */
let panes = [];
/** @type {(panes: Pane[]) => void} */
let onChange = () => {};

/** Return true if there are two heatmaps. */
export function isComparing() {
  return panes.length > 1;
}

/** Show two heatmaps side by side, or one again. */
export function compare() {
  if (isComparing()) {
    endComparison();
    return;
  }
  const canvas = makeElement("canvas", { className: "pane", role: "img" });
  panes[0].canvas.after(canvas);
  const second = new Pane(canvas);
  Object.assign(second, { opacity: panes[0].opacity, isSmooth: panes[0].isSmooth });
  second.method = chosenMethod() === "attention" ? "rollout" : "attention";
  usePanes([panes[0], second]);
}

/** Show one heatmap again. */
export function endComparison() {
  panes[1]?.canvas.remove();
  usePanes([panes[0]]);
}

/** @param {Pane[]} shown */
function usePanes(shown) {
  panes = shown;
  const isDouble = isComparing();
  find(".panes").classList.toggle("double", isDouble);
  find(".captions").hidden = !isDouble;
  find('[data-do="compare"]').setAttribute("aria-pressed", String(isDouble));
  showCurrent();
}

function showCurrent() {
  const answer = currentAnswer();
  if (answer) showHeat(answer);
  else onChange(panes);
}

/** @param {string} method of the second pane */
export function setSecond(method) {
  panes[1].method = method;
  showCurrent();
}

/**
 * Change how all heatmaps are drawn.
 * @param {{opacity?: number, isSmooth?: boolean}} values
 */
export function changePanes(values) {
  for (const pane of panes) Object.assign(pane, values);
  onChange(panes);
}

/**
 * Return the heatmap that is chosen. Until it is here, return the one that is on the page.
 * @param {Answer} answer
 */
export function shownHeatmap(answer) {
  const byKey = (/** @type {string | undefined} */ wanted) => (
    answer.heatmaps.find(({ key }) => key === wanted));
  const last = panes[0].answer?.id === answer.id ? panes[0].heatmap?.key : "";
  return heatmapOf(answer) ?? byKey(last) ?? byKey(answer.shown);
}

/** Return the name of a heatmap's method. */
export function methodOf(/** @type {import("./answers.js").Heatmap | undefined} */ heatmap) {
  return heatmap?.key.split("|")[0].replace("+sharper", "") ?? "";
}

/**
 * Show the heatmap of each pane that is here.
 * @param {Answer} answer
 */
export function showHeat(answer) {
  const shown = shownHeatmap(answer);
  const [first, second] = panes;
  if (shown) first.show(answer, shown);
  if (second) {
    const select = /** @type {HTMLSelectElement} */ (find(".captions select"));
    const anyOf = (/** @type {string} */ method) => (
      heatmapOf(answer, method) ?? heatmapOf(answer, method, false));
    for (const option of select.options) option.disabled = !anyOf(option.value);
    const heatmap = anyOf(second.method) ?? shown;
    if (heatmap) second.show(answer, heatmap);
    select.value = methodOf(heatmap);
    const name = getElements(`option[value="${methodOf(shown)}"]`, select)[0];
    find(".captions span").textContent = name?.textContent ?? "";
  }
  onChange(panes);
}

/**
 * Return the panes of the stage, one at first.
 * @param {(panes: Pane[]) => void} draw called after the panes or their heatmaps change
 */
export function startPanes(draw) {
  onChange = draw;
  panes = [new Pane(/** @type {HTMLCanvasElement} */ (find("canvas.pane")))];
  return panes;
}
