// The visitor's own clip, in the memory of this page only. The server deletes the clip's file once
// it has read the frames. So the preview plays from here, and if the server needs other frames, the
// page uploads the clip again, to the same path, and presses the same button again.

import { alertStatus, closestTo, getElement, getInputs, onPageChange } from "./dom.js";
import { catalogSection } from "./i18n.js";

const MAX_RETRIES = 2; // of one press
const SOON_MS = 400; // several choices in a row, by arrow keys too, make one request
const MAX_TRIES = 50; // 20 ms each: Gradio shows its file picker soon after a clip was cleared
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
/** @type {File | null} */
let chosenFile = null; // what the visitor picked or dropped last
let numRetries = 0;
let isReplaced = false; // was the clip replaced since the last request started?
/** @type {number | undefined} */
let choosing; // the timer of a choice that is not answered yet

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
  const isChosen = chosenFile?.name === name && chosenFile?.size === size;
  const file = isChosen ? chosenFile : await download(url, name);
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
  clearTimeout(choosing);
  isReplaced = true;
  clip?.departure.abort();
  if (clip) URL.revokeObjectURL(clip.preview);
  clip = null;
  newestPath = "";
}

/** Upload the clip again if the server has neither its file nor its frames any more. */
export async function ensureUploaded() {
  isReplaced = false;
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

/**
 * Return why the page does not take what was picked or dropped, or nothing.
 * @param {File[]} files
 */
function refusalOf(files) {
  const { gradio_config: config } = /** @type {any} */ (window);
  const { no_links, one_file, upload_too_large } = catalogSection("errors").server;
  if (files.length !== 1) return files.length ? one_file : no_links;
  return files[0].size > config.max_file_size ? upload_too_large : "";
}

/** Give Gradio a picked file as a video, or refuse it in the status line. */
function checkPicked(/** @type {Event} */ event) {
  const picker = event.target;
  const isPicker = picker instanceof HTMLInputElement && picker.type === "file";
  if (!isPicker || !picker.closest("#clip") || !picker.files?.length) return;
  const refusal = refusalOf([...picker.files]);
  if (refusal) {
    event.stopPropagation();
    picker.value = "";
    alertStatus(refusal);
    return;
  }
  chosenFile = asVideo(picker.files[0]);
  picker.files = listOf(chosenFile);
}

/** @param {File} file */
function listOf(file) {
  const list = new DataTransfer();
  list.items.add(file);
  return list.files;
}

/** Without this, the browser would open a dropped file in place of the page. */
function allowDrop(/** @type {DragEvent} */ event) {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
}

/** Choose a file that is dropped anywhere, as the file picker does. */
async function takeDropped(/** @type {DragEvent} */ event) {
  const { target, dataTransfer } = event;
  const isOnClip = target instanceof Element && target.closest("#clip");
  if (!dataTransfer || !(isOnClip || dataTransfer.types.includes("Files"))) return;
  event.preventDefault();
  event.stopPropagation(); // Gradio would refuse what the system does not call a video
  target?.dispatchEvent(new DragEvent("dragleave", { bubbles: true })); // for Gradio's outline
  const files = [...dataTransfer.files];
  const isFolder = [...dataTransfer.items].some((item) => item.webkitGetAsEntry()?.isDirectory);
  const { one_file, uploading } = catalogSection("errors").server;
  const refusal = isFolder ? one_file : refusalOf(files);
  const picker = refusal ? null : await emptyPicker();
  if (!picker) {
    alertStatus(refusal || uploading);
    return;
  }
  picker.files = listOf(files[0]);
  picker.dispatchEvent(new Event("change", { bubbles: true }));
}

// Gradio's file picker. An earlier clip or the camera leaves its place; an upload does not.
async function emptyPicker() {
  const isUploading = document.querySelector("#clip .uploading");
  const find = () => getInputs("#clip input[type=file]")[0];
  if (!find() && !isUploading) getElement('#clip [aria-label="Upload file"]').click();
  for (let tries = 0; tries < MAX_TRIES && !isUploading && !find(); tries += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  return find() ?? null;
}

/** Press the button that answers, once the visitor has stopped choosing a model or a heatmap. */
export function answerSoon() {
  clearTimeout(choosing);
  numRetries = 0;
  choosing = setTimeout(() => document.getElementById("run")?.click(), SOON_MS);
}

/** Answer a clip that came while the request before it was cancelled: Gradio forgets that clip. */
export function answerReplaced() {
  if (isReplaced && document.querySelector("#clip video[src]")) answerSoon();
}

/** Follow the file picker, drops, the preview and the status line. */
export function startVisitorClip() {
  document.addEventListener("change", checkPicked, true);
  document.addEventListener("dragover", allowDrop);
  document.addEventListener("drop", takeDropped, true);
  document.addEventListener("click", (event) => {
    if (event.isTrusted) numRetries = 0;
    if (closestTo(event, "#run, #stop")) clearTimeout(choosing);
    if (closestTo(event, "#stop")) isReplaced = false;
  }, true);
  onPageChange(() => {
    const line = document.querySelector("#status [data-again]");
    if (line instanceof HTMLElement) pressAgain(line);
    playFromMemory();
  }, { attributes: true, attributeFilter: ["src", "data-again"] });
}
