// The entry of the page. Gradio's events call the exported functions.

import { openExplorer, receivePart, requestedNumber } from "./answer-explorer.js";
import { startArchitecture } from "./architecture.js";
import { startArithmetic } from "./attention-arithmetic.js";
import { startExperiments } from "./experiments.js";
import { currentExplorer } from "./explorer-events.js";
import { startGradioGaps } from "./gradio-gaps.js";
import { linkedChoices, startLessons, writeChoices } from "./lessons.js";
import { startRecording } from "./recording.js";
import {
  answerReplaced, answerSoon, ensureUploaded, forgetClip, keepClip, startVisitorClip,
} from "./visitor-clip.js";

/** Return the patches that the visitor masked as JSON: [frame, row, column] each, from 1. */
function maskedPatches() {
  return JSON.stringify(currentExplorer()?.mask.list() ?? []);
}

startVisitorClip();
startLessons();
startArithmetic();
startArchitecture();
startExperiments();
startGradioGaps();
startRecording();

export {
  answerReplaced, answerSoon, ensureUploaded, forgetClip, keepClip, linkedChoices, maskedPatches,
  openExplorer, receivePart, requestedNumber, writeChoices,
};
