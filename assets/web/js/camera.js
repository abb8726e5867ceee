// The camera: one press, a countdown, and a recording of the length that the model sees.

import { knownModel } from "./answers.js";
import { takeFile } from "./clip.js";
import { closestTo, getElement, makeElement } from "./dom.js";
import { catalogSection, fillTemplate } from "./i18n.js";
import { showAlert } from "./status.js";

const COUNTDOWN_SECONDS = 3;
const DEFAULT_SECONDS = 3; // of models that see the whole video
const MORE_SECONDS = 0.4; // so that the last frame of the model is in the recording
const CAMERA = { // left must stay left in the file; the preview is a mirror for the eye only
  audio: false,
  video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
};
// Apple's browsers encode only MP4 in hardware, and only MP4 plays on every Apple device.
const TYPES = ["video/webm", "video/mp4"];

/** @type {AbortController | null} */
let session = null;

/** Return true if the page around this one does not permit the camera. */
function isForbidden() {
  const { featurePolicy } = /** @type {any} */ (document); // in Chromium only
  return featurePolicy ? !featurePolicy.allowsFeature("camera") : window.top !== window;
}

/** @param {unknown} error */
function explainError(error) {
  const words = /** @type {Record<string, string>} */ (catalogSection("camera"));
  const name = error instanceof DOMException ? error.name : "";
  const key = name === "NotAllowedError" && isForbidden() ? "embedded" : name;
  showAlert(words[key] ?? words.NotReadableError);
}

function recordingType() {
  const isApple = navigator.vendor.startsWith("Apple") || /iPhone|iPad/.test(navigator.userAgent);
  const types = isApple ? [...TYPES].reverse() : TYPES;
  return types.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
}

/**
 * Wait, or reject if the visitor cancels.
 * @param {number} seconds
 * @param {AbortSignal} signal
 */
function wait(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, 1000 * seconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/**
 * Record the stream for some seconds.
 * @param {MediaStream} stream
 * @param {number} seconds
 * @param {AbortSignal} signal
 */
async function record(stream, seconds, signal) {
  const type = recordingType();
  const recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
  /** @type {Blob[]} */
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const stopped = new Promise((resolve) => { recorder.addEventListener("stop", resolve); });
  recorder.start();
  try {
    await wait(seconds, signal);
  } finally {
    recorder.stop();
  }
  await stopped;
  const suffix = recorder.mimeType.includes("mp4") ? "mp4" : "webm";
  return new File(parts, `camera.${suffix}`, { type: recorder.mimeType });
}

function showPreview(/** @type {MediaStream} */ stream) {
  const video = makeElement("video", {
    className: "preview", srcObject: stream, muted: true, autoplay: true, playsInline: true,
  });
  const words = makeElement("p", { role: "status" });
  const cancel = makeElement("button", {
    type: "button", textContent: catalogSection("stage").cancel,
  });
  const preview = makeElement("div", { className: "camera" }, video, words, cancel);
  getElement(".stage .panes").append(preview);
  video.play().catch(() => {});
  return { preview, words, cancel };
}

/**
 * Show the seconds that are left of a recording. Return the timer.
 * @param {HTMLElement} words
 * @param {number} seconds
 */
function countDown(words, seconds) {
  const end = performance.now() + 1000 * seconds;
  const show = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    words.textContent = fillTemplate(catalogSection("stage").recording, { seconds: left });
  };
  show();
  return setInterval(show, 250);
}

/** End the camera: the visitor does something else. */
function stopCamera() {
  session?.abort();
}

async function recordClip() {
  if (session) return;
  if (!navigator.mediaDevices || !window.MediaRecorder) {
    showAlert(catalogSection("camera").insecure);
    return;
  }
  const { countdown } = catalogSection("stage");
  session = new AbortController();
  const { signal } = session;
  /** @type {MediaStream | null} */
  let stream = null;
  /** @type {HTMLElement | null} */
  let shown = null;
  try {
    stream = await navigator.mediaDevices.getUserMedia(CAMERA);
    const { preview, words, cancel } = showPreview(stream);
    shown = preview;
    cancel.addEventListener("click", () => session?.abort());
    for (let left = COUNTDOWN_SECONDS; left > 0; left -= 1) {
      words.textContent = fillTemplate(countdown, { seconds: left });
      await wait(1, signal);
    }
    const seconds = (knownModel().seconds ?? DEFAULT_SECONDS) + MORE_SECONDS;
    preview.classList.add("recording");
    const timer = countDown(words, seconds);
    const file = await record(stream, seconds, signal).finally(() => clearInterval(timer));
    takeFile(file);
  } catch (error) {
    if (!signal.aborted) explainError(error);
  } finally {
    for (const track of stream?.getTracks() ?? []) track.stop();
    shown?.remove();
    session = null;
  }
}

/** Follow the camera's button. */
export function startCamera() {
  document.addEventListener("click", (event) => {
    if (closestTo(event, '.stage [data-do="camera"]')) recordClip();
    else if (closestTo(event, "button[data-tab], [data-example], [data-do=upload]")) stopCamera();
  });
}
