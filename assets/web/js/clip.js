// The visitor's own clip, in the memory of this page only. The server deletes the clip's file once
// it has read the frames. So the video plays from here, and if the server needs other frames, the
// page uploads the clip again, to the same path, and repeats the same event.

import { choose, forgetOwnAnswers } from "./answers.js";
import { trigger } from "./bridge.js";
import { closestTo, getElement, getInputs, onPageChange } from "./dom.js";
import { catalogSection, fillTemplate, formatPercent } from "./i18n.js";
import { choices, markStop, request, stopRequest } from "./request.js";
import { clearNotice, showAlert, showProgress } from "./status.js";

const MAX_RETRIES = 2; // of one event
const UPLOAD = "./gradio_api/upload";

/**
 * @typedef {object} OwnClip
 * @property {File} file
 * @property {string} path on the server; empty until the clip is there
 * @property {string} preview object URL of the file
 * @property {AbortController} departure aborted when another clip comes
 * @property {Promise<boolean> | null} uploading
 */

/** @type {OwnClip | null} */
let clip = null;
let numRetries = 0;
let forgotten = ""; // path of the clip that is deleted

/** Return the address of the visitor's video in the memory of the page, or null. */
export function previewOf() {
  return clip?.preview ?? null;
}

/**
 * Upload a video that the visitor chose or recorded, and ask for its answer.
 * @param {File} file
 */
export async function takeFile(file) {
  forgetClip();
  const own = clip = {
    file, path: "", preview: URL.createObjectURL(file), departure: new AbortController(),
    uploading: null,
  };
  document.dispatchEvent(new CustomEvent("answer:awaited"));
  const sent = await upload(file, "", own.departure.signal);
  if (clip !== own) return; // another clip came meanwhile
  if (typeof sent === "string") {
    showAlert(sent);
    document.dispatchEvent(new CustomEvent("answer:failed"));
    forgetClip();
    return;
  }
  own.path = sent.path;
  numRetries = 0;
  choose({ clip: { path: own.path } });
}

/**
 * Upload a file, with its progress in the status line. Return its path, or the refusal's sentence.
 * @param {File} file
 * @param {string} again path of an earlier upload of the same clip
 * @param {AbortSignal} signal
 * @returns {Promise<{path: string} | string>}
 */
function upload(file, again, signal) {
  const { uploading, upload_failed } = catalogSection("stage");
  return new Promise((resolve) => {
    const sender = new XMLHttpRequest();
    sender.open("POST", again ? `${UPLOAD}?${new URLSearchParams({ again })}` : UPLOAD);
    sender.upload.addEventListener("progress", ({ loaded, total }) => {
      const percent = formatPercent(loaded / total, 0);
      showProgress(fillTemplate(uploading, { percent }), loaded / total);
    });
    sender.addEventListener("load", () => {
      resolve(uploadResult(sender) ?? upload_failed);
    });
    sender.addEventListener("error", () => resolve(upload_failed));
    signal.addEventListener("abort", () => {
      sender.abort();
      resolve(upload_failed);
    });
    const body = new FormData();
    body.append("files", file, file.name);
    sender.send(body);
  });
}

/**
 * Return the path of an upload or the server's refusal; nothing for what a proxy answers.
 * @param {XMLHttpRequest} sender
 */
function uploadResult(sender) {
  const type = sender.getResponseHeader("content-type") ?? "";
  if (sender.status !== 200) return type.startsWith("text/plain") ? sender.responseText : null;
  if (!type.startsWith("application/json")) return null;
  return { path: /** @type {string} */ (JSON.parse(sender.responseText)[0]) };
}

/** Forget the visitor's clip: another one comes, or it was deleted. */
export function forgetClip() {
  clip?.departure.abort();
  if (clip) URL.revokeObjectURL(clip.preview);
  clip = null;
  if (choices.clip && "path" in choices.clip) choices.clip = null;
  forgetOwnAnswers();
}

/** Delete the visitor's clip here and on the server. */
export function deleteClip() {
  forgotten = clip?.path ?? "";
  trigger("forget");
  markStop();
  forgetClip();
}

/** Return the request to delete a clip, which the page itself has forgotten by then. */
export function forgetRequest() {
  return { ...request(), ...stopRequest(), clip: { path: forgotten } };
}

/** Upload the clip again if the server has neither its file nor its frames any more. */
export async function ensureUploaded() {
  if (!clip?.path || !choices.clip || !("path" in choices.clip)) return;
  const { path, departure: { signal } } = clip;
  const response = await fetch(`./clip?${new URLSearchParams({ path })}`, { signal })
    .catch(() => null);
  if (response?.status === 410) await uploadAgain();
}

// Upload once for all that wait for it; return true if the clip arrived.
async function uploadAgain() {
  const own = clip;
  if (!own) return false;
  own.uploading ??= upload(own.file, own.path, own.departure.signal).then((sent) => {
    own.uploading = null;
    if (typeof sent === "string") showAlert(sent);
    return typeof sent !== "string";
  });
  return own.uploading;
}

// The server holds other frames of the clip than an event needs.
async function repeatEvent(/** @type {HTMLElement} */ line) {
  const { again = "", gone = "" } = line.dataset;
  delete line.dataset.again;
  numRetries += 1;
  if (clip && numRetries <= MAX_RETRIES && await uploadAgain()) trigger(again);
  else showAlert(gone);
}

/**
 * Return why the page does not take what was picked or dropped, or nothing.
 * @param {File[]} files
 */
function refusalOf(files) {
  const { gradio_config: config } = /** @type {any} */ (window);
  const { no_links, one_file, upload_too_large } = catalogSection("errors").server;
  if (files.length !== 1) return files.length ? one_file : no_links;
  return files[0].size > (config?.max_file_size ?? Infinity) ? upload_too_large : "";
}

/** @param {File[]} files */
function takePicked(files) {
  const refusal = refusalOf(files);
  if (refusal) showAlert(refusal);
  else takeFile(files[0]);
}

/** Without this, the browser would open a dropped file in place of the page. */
function allowDrop(/** @type {DragEvent} */ event) {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
}

/** Take a file that is dropped anywhere, as the file picker does. */
function takeDropped(/** @type {DragEvent} */ event) {
  const { target, dataTransfer } = event;
  const isOnStage = target instanceof Element && target.closest(".stage");
  if (!dataTransfer || !(isOnStage || dataTransfer.types.includes("Files"))) return;
  event.preventDefault();
  const isFolder = [...dataTransfer.items].some((item) => item.webkitGetAsEntry()?.isDirectory);
  if (isFolder) showAlert(catalogSection("errors").server.one_file);
  else takePicked([...dataTransfer.files]);
}

/** Follow the file picker, drops, and what the status line asks for. */
export function startClip() {
  const [picker] = getInputs(".stage input[type=file]");
  picker.addEventListener("change", () => {
    const files = [...picker.files ?? []];
    picker.value = ""; // so that the same file can be chosen again
    if (files.length) takePicked(files);
  });
  document.addEventListener("dragover", allowDrop);
  document.addEventListener("drop", takeDropped);
  document.addEventListener("click", (event) => {
    if (event.isTrusted) numRetries = 0;
    const button = closestTo(event, ".stage [data-do]");
    if (button?.dataset.do === "upload") picker.click();
    if (closestTo(event, "#notice [data-do=cancel]")) {
      clearNotice();
      forgetClip();
    }
    if (button?.dataset.do === "delete") {
      deleteClip();
      getElement(".stage [data-example]").click();
    }
  });
  onPageChange(() => {
    const line = document.querySelector("#status [data-again]");
    if (line instanceof HTMLElement) repeatEvent(line);
  }, { attributes: true, attributeFilter: ["data-again"] });
}
