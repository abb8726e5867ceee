// What Gradio leaves out: why a camera did not open, a note in place of the error about a clip that
// the browser cannot play, the titles of the examples.

import { alertStatus, closestTo, getElement, getElements, onPageChange } from "./dom.js";
import { catalogSection, hasCatalog } from "./i18n.js";
import { writeChoices } from "./lessons.js";
import { forgetClip } from "./visitor-clip.js";

let isCameraRequested = false;

/** Return true if the page around this one does not permit the camera. */
function isCameraForbidden() {
  const { featurePolicy } = /** @type {any} */ (document); // in Chromium only
  return featurePolicy ? !featurePolicy.allowsFeature("camera") : window.top !== window;
}

/** @param {MouseEvent} event */
function explainMissingCamera(event) {
  if (!closestTo(event, '#clip button, #clip [title="grant webcam access"]')) return;
  isCameraRequested = true;
  const isCameraButton = closestTo(event, '[aria-label="Capture from camera"]');
  if (isCameraButton && !navigator.mediaDevices) alertStatus(catalogSection("camera").insecure);
}

/** @param {PromiseRejectionEvent} event */
function explainCameraError({ reason }) {
  if (!isCameraRequested) return;
  const isEmbedded = reason?.name === "NotAllowedError" && isCameraForbidden();
  const key = isEmbedded ? "embedded" : reason?.name;
  const sentence = /** @type {Record<string, string>} */ (catalogSection("camera"))[key];
  if (sentence) alertStatus(sentence);
}

function replacePreviewErrors() {
  for (const toast of getElements(".toast-body")) {
    const clip = document.querySelector("#clip");
    if (!clip || !/not playable/i.test(toast.textContent ?? "")) continue;
    toast.remove();
    clip.setAttribute("data-note", catalogSection("page").no_preview);
  }
}

/** @param {Element} button */
function exampleOf(button) {
  const buttons = button.parentElement?.children ?? [];
  const names = getElement("nav.bar").dataset.examples?.split(" ") ?? [];
  return names[[...buttons].indexOf(button)];
}

/** @param {Event} event */
function takeExample(event) {
  const button = closestTo(event, "#examples .gallery-item");
  if (!button) return;
  forgetClip();
  writeChoices({ clip: exampleOf(button) });
}

function nameElements() {
  const titles = /** @type {Record<string, string>} */ (catalogSection("scenes"));
  for (const button of getElements("#examples .gallery-item:not([title])")) {
    const title = titles[exampleOf(button)];
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
    if (!hasCatalog()) return;
    nameElements();
    replacePreviewErrors();
  });
  document.addEventListener("loadeddata", (event) => {
    closestTo(event, "#clip")?.removeAttribute("data-note");
  }, true);
}
