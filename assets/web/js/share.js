// The dialog for sharing: a link to a state, the parts of the page that it shows, and a QR code.

import { getElement, getInputs } from "./dom.js";
import { catalogSection } from "./i18n.js";
import { formatHash } from "./permalink.js";
import { choices } from "./request.js";

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

/** @typedef {import("./permalink.js").State} State */
/** @typedef {{state: State, hidden: string[], usual: string[]}} Shared */

/** @type {Shared} */
let shared = { state: {}, hidden: [], usual: [] };
const dialog = () => /** @type {HTMLDialogElement} */ (getElement("#share"));

/**
 * Open the dialog.
 * @param {Shared} values the state, the parts that are hidden, and those that the state hides
 *   where the link does not name any
 */
export function openShare(values) {
  shared = values;
  for (const box of getInputs("input[type=checkbox]", dialog())) {
    box.checked = !values.hidden.includes(box.value);
  }
  showLink();
  dialog().showModal();
}

function sharedLink() {
  const unchecked = getInputs("input[type=checkbox]:not(:checked)", dialog());
  const hidden = unchecked.map(({ value }) => value);
  const isUsual = String(hidden) === String(shared.usual);
  const hide = isUsual ? "" : hidden.join(",") || "none";
  const address = new URL(location.href);
  address.search = ""; // a private Space has a token there
  address.hash = formatHash({ ...shared.state, hide });
  return address.href;
}

function showLink() {
  const link = sharedLink();
  getInputs(".link input", dialog())[0].value = link;
  const code = /** @type {HTMLImageElement} */ (getElement("img", dialog()));
  const isLocal = LOCAL.includes(location.hostname); // no other device can open the link
  code.hidden = isLocal;
  if (!isLocal) code.src = `./qr?${new URLSearchParams({ link })}`;
  showNote(isLocal ? catalogSection("teachers").local : "");
}

/** @param {string} sentence */
function showNote(sentence) {
  getElement("[role=status]", dialog()).textContent = sentence;
}

/** Copy the link. */
export async function copyLink() {
  const words = catalogSection("teachers");
  const [input] = getInputs(".link input", dialog());
  const isOwn = choices.clip && "path" in choices.clip && !shared.state.lesson;
  input.select(); // to copy by hand where the browser has no clipboard
  try {
    await navigator.clipboard.writeText(input.value);
    showNote(isOwn ? words.copied_without_clip : words.copied);
  } catch {
    showNote(words.copy_failed);
  }
}

/** Close the dialog. */
export function closeShare() {
  dialog().close();
}

/** Follow the dialog. */
export function startShare() {
  dialog().addEventListener("change", showLink);
  const code = getElement("img", dialog());
  code.addEventListener("error", () => { code.hidden = true; });
}
