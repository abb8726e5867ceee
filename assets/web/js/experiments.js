// The slider of the experiment that freezes one frame: it shows the result of each frame.

import { getElements } from "./dom.js";

/** Follow the slider. */
export function startExperiments() {
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
