// The results of experiments: the slider over frozen frames, and the test of a heatmap.

import { closestTo, getElements, onPageChange } from "./dom.js";
import { countStart } from "./request.js";

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

/** Follow the slider, the test and the buttons. */
export function startExperiments() {
  followCheck();
  document.addEventListener("click", (event) => {
    if (closestTo(event, "#experiment-buttons button")) countStart();
  }, { capture: true }); // before Gradio's own listener asks for the request
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
