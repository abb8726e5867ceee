// The section "How it works": links to a step of the drawing, and the BibTeX entry to copy.

import { closestTo, onPageChange } from "./dom.js";
import { showTab } from "./shell.js";

/**
 * Show a step of the drawing, in its tab. Gradio draws a tab once it is open.
 * @param {string} name
 */
function showStep(name) {
  showTab("how");
  onPageChange(() => {
    const step = document.querySelector(`#step-${name}`) ?? document.querySelector("#step-space");
    const sentence = document.querySelector(`#drawing li.of-${step?.id.replace("step-", "")}`);
    if (!step || !(sentence instanceof HTMLElement)) return false;
    for (const old of document.querySelectorAll("#drawing .selected")) {
      old.classList.remove("selected");
    }
    for (const part of [step, sentence]) part.classList.add("selected");
    sentence.focus({ preventScroll: true });
    step.scrollIntoView({ block: "center" });
    return true;
  });
}

/** @param {HTMLElement} button */
async function copyCitation(button) {
  const entry = button.previousElementSibling;
  if (!entry) return;
  getSelection()?.selectAllChildren(entry); // to copy by hand where the browser has no clipboard
  if (!navigator.clipboard) return;
  await navigator.clipboard.writeText(entry.textContent ?? "");
  button.textContent = button.dataset.copied ?? "";
}

/** Follow the links and the copy button. */
export function startArchitecture() {
  document.addEventListener("click", (event) => {
    const link = closestTo(event, 'a[href^="#step-"]');
    if (link instanceof HTMLAnchorElement) {
      event.preventDefault(); // the address holds the page's state
      showStep(link.hash.replace("#step-", ""));
    }
    const button = closestTo(event, ".cite button");
    if (button) copyCitation(button);
  });
}
