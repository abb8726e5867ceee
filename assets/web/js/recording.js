// Recordings of the camera, which Gradio makes: complete ones, in a format that every device plays.

import { closestTo } from "./dom.js";

/** @type {MediaRecorder | null} */
let recorder = null; // the one that was started last

function rememberRecorder() {
  const { start } = MediaRecorder.prototype;
  MediaRecorder.prototype.start = function remember(/** @type {number=} */ milliseconds) {
    recorder = this;
    start.call(this, milliseconds);
  };
}

/**
 * Stop the recorder before Gradio does, and press the button again once its last data came. Gradio
 * does not wait for them: WebM would lose its end, and a short MP4 would be empty.
 * @param {MouseEvent} event
 */
function finishRecording(event) {
  const button = closestTo(event, '#clip [aria-label="start recording"]');
  if (!button || recorder?.state !== "recording") return;
  event.stopPropagation();
  recorder.addEventListener("stop", () => button.click(), { once: true });
  recorder.stop();
}

/**
 * Make Apple's browsers record MP4. Gradio takes WebM where a browser knows it, but only MP4 has an
 * encoder in Apple's hardware and plays on every Apple device.
 */
function preferMp4() {
  const isApple = navigator.vendor.startsWith("Apple") || /iPhone|iPad/.test(navigator.userAgent);
  if (!isApple || !MediaRecorder.isTypeSupported("video/mp4")) return;
  const isTypeSupported = MediaRecorder.isTypeSupported.bind(MediaRecorder);
  MediaRecorder.isTypeSupported = (type) => type !== "video/webm" && isTypeSupported(type);
}

/** Follow the camera's recorder. Some browsers have none. */
export function startRecording() {
  if (!window.MediaRecorder) return;
  rememberRecorder();
  preferMp4();
  document.addEventListener("click", finishRecording, true);
}
