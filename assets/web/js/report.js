// The entry of a report: its explorer reads its numbers from the file itself.

import { startArithmetic } from "./attention-arithmetic.js";
import { getElement } from "./dom.js";
import { announceChange, mountExplorer } from "./explorer-events.js";

/** @param {string} base64 */
function decode(base64) {
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < characters.length; i += 1) bytes[i] = characters.charCodeAt(i);
  return bytes.buffer;
}

startArithmetic();
mountExplorer(getElement(".explorer"), {
  buffer: decode(getElement("#queries").textContent ?? ""),
});
announceChange();
