// The experiments: their buttons, the slider over frozen frames, and the test of a heatmap.

import { trigger } from "./bridge.js";
import { closestTo, getElements, onPageChange } from "./dom.js";
import { startFewest } from "./fewest.js";
import { addToRequest } from "./request.js";

let started = ""; // the experiment that was started last

/** Scroll to the test of a heatmap when it comes, if it is below the window. */
function followCheck() {
  /** @type {Element | null} */
  let shown = null;
  let isAwaited = false;
  document.addEventListener("click", (event) => {
    if (!closestTo(event, "[data-do=check]")) return;
    isAwaited = true;
    shown = document.querySelector("#checked .check");
  });
  document.addEventListener("answer:failed", () => { isAwaited = false; });
  onPageChange(() => {
    const check = document.querySelector("#checked .check");
    if (!isAwaited || !check || check === shown) return;
    isAwaited = false;
    check.scrollIntoView({ block: "nearest" });
  });
}

/**
 * Run an experiment. One that still runs ends.
 * @param {string} experiment
 */
export function startExperiment(experiment) {
  if (document.querySelector("#experiment-result progress")) trigger("stop");
  addToRequest({ experiment });
  trigger("experiment");
  started = experiment;
}

/** Mark the button of the experiment that runs. */
function markRunning() {
  const isRunning = document.querySelector("body:not(.stopped) #experiment-result progress");
  for (const button of getElements("#experiment-buttons button")) {
    button.classList.toggle("running", Boolean(isRunning) && button.dataset.try === started);
  }
}

/** Follow the slider, the test and the buttons. */
export function startExperiments() {
  followCheck();
  startFewest();
  onPageChange(markRunning);
  document.addEventListener("click", (event) => {
    const button = closestTo(event, "#experiment-buttons button");
    if (button?.dataset.try) startExperiment(button.dataset.try);
  });
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.type !== "range") return;
    const experiment = target.closest(".frozen");
    if (!experiment) return;
    for (const panel of getElements("[data-frame]", experiment)) {
      panel.hidden = panel.dataset.frame !== target.value;
      if (!panel.hidden) target.setAttribute("aria-valuetext", panel.dataset.description ?? "");
    }
    for (const bar of getElements("[data-bar]", experiment)) {
      bar.classList.toggle("chosen", bar.dataset.bar === target.value);
    }
  });
}
