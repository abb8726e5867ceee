// What Gradio leaves out: why a camera did not open, a note in place of the error about a clip that
// the browser cannot play, the titles of the examples.

import { closestTo, getElements, onPageChange } from "./dom.js";
import { barWords } from "./i18n.js";
import { writeChoices } from "./lessons.js";
import { forgetClip } from "./visitor-clip.js";

let isCameraRequested = false;

/** @param {string} sentence */
function alertStatus(sentence) {
  const line = document.querySelector("#status .status");
  const span = line?.querySelector("span");
  if (!line || !span) return;
  line.setAttribute("role", "alert");
  span.textContent = sentence;
}

/** @param {MouseEvent} event */
function explainMissingCamera(event) {
  if (!closestTo(event, '#clip button, #clip [title="grant webcam access"]')) return;
  isCameraRequested = true;
  const isCameraButton = closestTo(event, '[aria-label="Capture from camera"]');
  if (isCameraButton && !navigator.mediaDevices) alertStatus(barWords().camera.insecure);
}

/** @param {PromiseRejectionEvent} event */
function explainCameraError({ reason }) {
  const sentence = barWords().camera?.[reason?.name];
  if (isCameraRequested && sentence) alertStatus(sentence);
}

function replacePreviewErrors() {
  for (const toast of getElements(".toast-body")) {
    const clip = document.querySelector("#clip");
    if (!clip || !/not playable/i.test(toast.textContent ?? "")) continue;
    toast.remove();
    clip.setAttribute("data-note", barWords().noPreview);
  }
}

/** @param {Element} button */
function exampleOf(button) {
  const buttons = button.parentElement?.children ?? [];
  return barWords().examples?.[[...buttons].indexOf(button)];
}

/** @param {Event} event */
function takeExample(event) {
  const button = closestTo(event, "#examples .gallery-item");
  if (!button) return;
  forgetClip();
  writeChoices({ clip: exampleOf(button).name });
}

function nameElements() {
  for (const button of getElements("#examples .gallery-item:not([title])")) {
    const title = exampleOf(button)?.title;
    if (!title) continue; // the bar with the titles is not built yet
    button.title = title;
    button.setAttribute("aria-label", title);
  }
  for (const empty of getElements(".empty[aria-label]")) empty.role = "img";
}

/** Fill the gaps. */
export function startGradioGaps() {
  document.addEventListener("click", explainMissingCamera);
  document.addEventListener("click", takeExample);
  window.addEventListener("unhandledrejection", explainCameraError);
  onPageChange(() => {
    nameElements();
    replacePreviewErrors();
  });
  document.addEventListener("loadeddata", (event) => {
    closestTo(event, "#clip")?.removeAttribute("data-note");
  }, true);
}
