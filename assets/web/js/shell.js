// The header: tabs, model, languages, the large view; and the place of the stage in Gradio's page.

import { choose } from "./answers.js";
import { trigger } from "./bridge.js";
import { closestTo, getElement, getElements, onPageChange } from "./dom.js";
import { catalogSection } from "./i18n.js";
import { exploreAnswer } from "./answer-explorer.js";
import { flushState, pushTab, readState, writeState } from "./permalink.js";
import { choices } from "./request.js";
import { showStopped } from "./status.js";

/** @type {Record<string, string>} */
export const TABS = { // by the names that links have for them
  see: "see", trials: "experiment", explorer: "explore", lessons: "lessons", works: "how",
};

let tab = "see";

/**
 * Open a tab. Gradio draws it once it is open for the first time.
 * @param {string} name
 */
export function showTab(name) {
  tab = name;
  for (const button of getElements("header.top [data-tab]")) {
    if (button.dataset.tab === name) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  document.body.dataset.tab = name;
  document.getElementById(`tab-${name}-button`)?.click();
  if (name === "explore") exploreAnswer();
}

/**
 * Open a tab for the visitor, who can go back to the last one. A lesson keeps its own address.
 * @param {string} name
 */
function openTab(name) {
  const isLesson = document.body.classList.contains("in-lesson");
  const isOther = name !== tab;
  showTab(name);
  if (isOther && !isLesson) pushTab(openTabLink());
}

/** Return the name of the open tab in links. */
export function openTabLink() {
  return Object.keys(TABS).find((key) => TABS[key] === tab) ?? "";
}

/** Show the stage larger, for a room. */
function present() {
  const isLarge = !readState().large;
  writeState({ large: isLarge ? "1" : "" });
  showLarge(isLarge);
  if (isLarge) document.documentElement.requestFullscreen?.().catch(() => {});
  else if (document.fullscreenElement) document.exitFullscreen();
}

/** @param {boolean} isLarge */
export function showLarge(isLarge) {
  const wasLarge = document.body.classList.contains("large");
  document.body.classList.toggle("large", isLarge);
  if (isLarge && !wasLarge) window.scrollTo(0, 0);
  getElement('[data-do="present"]').setAttribute("aria-pressed", String(isLarge));
}

/** Show the model that is chosen. */
export function showModel() {
  const select = /** @type {HTMLSelectElement} */ (getElement("#model"));
  if (![...select.options].some(({ value }) => value === choices.model)) {
    select.add(new Option(choices.model, choices.model));
  }
  select.value = choices.model;
}

async function chooseModel(/** @type {HTMLSelectElement} */ select) {
  if (select.value) {
    choose({ model: select.value });
    return;
  }
  const dialog = /** @type {HTMLDialogElement} */ (getElement("#other-model"));
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    const { value } = /** @type {HTMLInputElement} */ (getElement("input", dialog));
    if (dialog.returnValue === "ok" && value.trim()) choose({ model: value.trim() });
    showModel();
  }, { once: true });
}

// Gradio draws its page below. Once that stands, the stage moves to its place there.
function moveStage() {
  const place = document.querySelector("#stage-place");
  if (!place || !document.getElementById("tab-see-button")) return false;
  place.append(getElement(".stage"));
  getElement("#first-place").remove();
  document.body.classList.add("ready");
  document.title = catalogSection("page").title;
  if (tab !== "see") showTab(tab);
  return true;
}

/** Keep the language of the page: Gradio sets that of the browser. */
function keepLanguage() {
  const { lang } = getElement(".languages [aria-current]");
  onPageChange(() => {
    if (document.documentElement.lang !== lang) document.documentElement.lang = lang;
  }, { attributes: true, attributeFilter: ["lang"] });
}

/** Follow the header, and move the stage. */
export function startShell() {
  keepLanguage();
  document.addEventListener("click", (event) => {
    const button = closestTo(event, "button[data-tab], button[data-do]");
    if (button?.dataset.tab) openTab(button.dataset.tab);
    if (button?.dataset.do === "present") present();
    if (closestTo(event, "#status [data-do=cancel]")) {
      trigger("stop");
      showStopped();
    }
    const link = closestTo(event, ".languages a");
    if (link instanceof HTMLAnchorElement) { // another language opens with the same state
      flushState();
      link.hash = location.hash;
    }
    for (const menu of getElements("details.languages[open], details.downloads[open]")) {
      if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
    }
  });
  const model = getElement("#model");
  model.addEventListener("change", () => chooseModel(/** @type {HTMLSelectElement} */ (model)));
  document.addEventListener("answer:failed", showModel);
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && readState().large && !document.querySelector("dialog[open]")) present();
  });
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && readState().large) {
      writeState({ large: "" });
      showLarge(false);
    }
  });
  document.addEventListener("answer:shown", () => {
    if (tab === "explore") exploreAnswer({ again: false }); // an answer comes in parts
  });
  showTab("see");
  onPageChange(moveStage);
}
