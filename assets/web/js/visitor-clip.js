// The visitor's own clip, in the memory of this page only. The server deletes the clip's file once
// it has read the frames. So the preview plays from here, and if the server needs other frames, the
// page uploads the clip again, to the same path, and presses the same button again.

import { onPageChange } from "./dom.js";

const MAX_RETRIES = 2; // of one press
const API = "/gradio_api";
const IS_UPLOAD = /[\\/]clip-\w+[\\/]clip(\.\w+)?$/; // the server's name for an uploaded clip

/** @typedef {{path: string, url: string, orig_name?: string, size?: number}} GradioFile */

/**
 * @typedef {object} VisitorClip
 * @property {File} file
 * @property {string} path on the server
 * @property {string} root address of the server
 * @property {string} preview object URL of the file
 * @property {AbortController} departure aborted when another clip comes
 * @property {Promise<boolean> | null} uploading
 */

/** @type {VisitorClip | null} */
let clip = null;
let newestPath = ""; // of the clip that is kept, or whose recording is on its way
/** @type {File[]} */
let chosenFiles = []; // what the visitor picked or dropped last
let numRetries = 0;

/**
 * Keep an uploaded clip; called before the server reads it. A picked or dropped file is at hand.
 * A recording of the camera is not: Gradio makes its file, so the page fetches it back.
 * @param {GradioFile | null} uploaded
 */
export async function keepClip(uploaded) {
  if (!uploaded || uploaded.path === newestPath || !IS_UPLOAD.test(uploaded.path)) return;
  forgetClip();
  const { path, url, orig_name: name, size } = uploaded;
  newestPath = path;
  const chosen = chosenFiles.find((file) => file.name === name && file.size === size);
  const file = chosen ?? await download(url, name);
  if (!file || path !== newestPath) return; // another clip came, or this one was cleared
  clip = {
    file, path, root: url.split(API)[0], preview: URL.createObjectURL(file),
    departure: new AbortController(), uploading: null,
  };
  numRetries = 0;
  playFromMemory();
}

/**
 * @param {string} url
 * @param {string} [name]
 */
async function download(url, name = "clip") {
  const blob = await fetch(url).then((response) => (response.ok ? response.blob() : null))
    .catch(() => null);
  return blob && new File([blob], name);
}

/** Forget the visitor's clip: another one comes, or it was cleared or deleted. */
export function forgetClip() {
  clip?.departure.abort();
  if (clip) URL.revokeObjectURL(clip.preview);
  clip = null;
  newestPath = "";
}

/** Upload the clip again if the server has neither its file nor its frames any more. */
export async function ensureUploaded() {
  if (!clip) return;
  const { root, path, departure: { signal } } = clip;
  const address = `${root}/clip?${new URLSearchParams({ path })}`;
  const response = await fetch(address, { signal }).catch(() => null);
  if (response?.status === 410) await uploadAgain();
}

// Upload once for all that wait for it; return true if the clip arrived.
async function uploadAgain() {
  if (!clip) return false;
  const { file, path, root, departure: { signal } } = clip;
  clip.uploading ??= (async () => {
    const body = new FormData();
    body.append("files", file, file.name);
    const address = `${root}${API}/upload?${new URLSearchParams({ again: path })}`;
    const response = await fetch(address, { method: "POST", body, signal })
      .catch(() => null); // another clip came, or the file changed on the visitor's disk
    if (clip?.path === path) clip.uploading = null;
    return Boolean(response?.ok);
  })();
  return clip.uploading;
}

// The server holds other frames of the clip than the pressed button needs.
async function pressAgain(/** @type {HTMLElement} */ { dataset: { again = "", gone = "" } }) {
  for (const line of statusLines("again")) delete line.dataset.again;
  numRetries += 1;
  if (clip && numRetries <= MAX_RETRIES && await uploadAgain()) {
    document.getElementById(again)?.click();
    return;
  }
  for (const line of statusLines("gone")) {
    line.setAttribute("role", "alert");
    line.textContent = gone;
  }
}

/** @param {"again" | "gone"} name */
function statusLines(name) {
  return /** @type {HTMLElement[]} */ ([...document.querySelectorAll(`[data-${name}]`)]);
}

// A preview from the server would stop when the file is deleted.
function playFromMemory() {
  if (!clip) return;
  const [folder] = clip.path.split(/[\\/]/).slice(-2);
  for (const video of document.querySelectorAll("video")) {
    const isPreview = video.closest("#clip") && video.src.includes(folder);
    if (isPreview) video.src = clip.preview;
  }
}

// Gradio refuses what the system does not call a video: GIFs, and .MOV on some computers.
/** @param {File} file */
function asVideo(file) {
  const type = file.type.startsWith("video/") ? file.type : "video/mp4";
  return new File([file], file.name, { type });
}

/** @param {Event} event */
function rememberPicked({ target }) {
  const isPicker = target instanceof HTMLInputElement && target.type === "file";
  if (!isPicker || !target.closest("#clip")) return;
  const files = new DataTransfer();
  for (const file of target.files ?? []) files.items.add(asVideo(file));
  target.files = files.files;
  chosenFiles = [...files.files];
}

/** @param {DragEvent} event */
function rememberDropped({ target, dataTransfer }) {
  if (!(target instanceof Element && target.closest("#clip"))) return;
  chosenFiles = [...dataTransfer?.files ?? []];
}

/** Follow the file picker, drops, the preview and the status line. */
export function startVisitorClip() {
  document.addEventListener("change", rememberPicked, true);
  document.addEventListener("drop", rememberDropped, true);
  document.addEventListener("click", ({ isTrusted }) => {
    if (isTrusted) numRetries = 0;
  }, true);
  onPageChange(() => {
    const line = document.querySelector("#status [data-again]");
    if (line instanceof HTMLElement) pressAgain(line);
    playFromMemory();
  }, { attributes: true, attributeFilter: ["src", "data-again"] });
}
