// The entry of the page. Gradio's events call the exported functions.

import { openExplorer, receivePart } from "./answer-explorer.js";
import { showFirst, startAnswers } from "./answers.js";
import { startArchitecture } from "./architecture.js";
import { startArithmetic } from "./attention-arithmetic.js";
import { connect } from "./bridge.js";
import { startCamera } from "./camera.js";
import { ensureUploaded, forgetRequest, previewOf, startClip } from "./clip.js";
import { receiveDownload, startDownloads } from "./downloads.js";
import { startExperiments } from "./experiments.js";
import { currentExplorer } from "./explorer-events.js";
import { startLessons } from "./lessons.js";
import * as requests from "./request.js";
import { startShell } from "./shell.js";
import { showAnswer, startStage } from "./stage.js";
import { startStatus } from "./status.js";

const { startedRequest, stopRequest } = requests;

function withMask() {
  requests.addToRequest({ mask: currentExplorer()?.mask.list() ?? [] });
}

/** Return the request of an event. */
function request() {
  withMask();
  return requests.request();
}

/** Return the request of a new answer. */
function startRequest() {
  withMask();
  return requests.startRequest();
}

/**
 * Receive a file: a download, or a part of the explorer's numbers.
 * @param {string} name of the event
 * @param {{url: string, orig_name?: string} | null} file
 */
async function receiveFile(name, file) {
  if (name === "download") receiveDownload(file);
  else await receivePart(/** @type {import("./attention-source.js").Part} */ (name), file);
}

startStatus();
startStage();
startClip();
startCamera();
startAnswers((answer) => showAnswer(answer, previewOf()));
startDownloads();
startShell();
startArithmetic();
startArchitecture();
startExperiments();
startLessons();
showFirst();

export {
  connect, ensureUploaded, forgetRequest, openExplorer, receiveFile, request, startRequest,
  startedRequest, stopRequest,
};
