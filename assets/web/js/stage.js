// The stage: the clip with its heatmap in step, the prediction, and the choices.

import {
  choose, chosenMethod, isOfLabel, knownModel,
} from "./answers.js";
import { forgetClip, previewOf } from "./clip.js";
import { closestTo, getElement, getElements, getInputs, makeElement } from "./dom.js";
import { catalogSection, fillTemplate, formatNumber } from "./i18n.js";
import {
  changePanes, compare, isComparing, methodOf, setSecond, showHeat, shownHeatmap, startPanes,
} from "./panes.js";
import { Player } from "./player.js";
import { choices } from "./request.js";

/** @typedef {import("./answers.js").Answer} Answer */

const find = (/** @type {string} */ selector) => getElement(`.stage ${selector}`);

/** @type {Player} */
let player;
let shownId = "";

/** Return the address of an example's video, relative to the page. */
function exampleAddress(/** @type {string} */ name) {
  return `./examples/${name}.mp4`;
}

/**
 * Show an answer, with the heatmap that is chosen.
 * @param {Answer} answer
 * @param {string | null} preview address of the visitor's video
 */
export function showAnswer(answer, preview) {
  const heatmap = shownHeatmap(answer);
  if (answer.id !== shownId) {
    shownId = answer.id;
    showClip(answer, answer.example ? exampleAddress(answer.example) : preview);
  }
  const words = catalogSection("stage");
  find(".verdict b").textContent = answer.verdict;
  find(".verdict span").textContent = answer.sure;
  find(".verdict").classList.toggle("unsure", answer.isUnsure);
  find(".limits").textContent = answer.limits;
  showBars(answer);
  if (!heatmap) return;
  showHeat(answer);
  find(".why").textContent = `${heatmap.name}. ${heatmap.text}`;
  find(".curve").textContent = `${heatmap.numbers} ${heatmap.curve}`;
  find(".caveats").textContent = heatmap.caveats;
  find(".scale").classList.toggle("two", Boolean(heatmap.moved));
  find(".scale span").textContent = heatmap.moved ? words.moved_scale : words.scale;
  find(".scale").title = fillTemplate(words.scale_title, { top: heatmap.top });
  find(".crop").textContent = isWhole(answer) ? "" : words.crop;
  find(".notes").textContent = answer.notes.join(" ");
  find(".numbers").textContent = answer.details;
  showShares(heatmap.shares, answer);
  showChoices(answer);
  showChip(answer);
  getElement(".stage").classList.remove("waiting");
}

/** Show on the other tabs which clip they are about. */
function showChip(/** @type {Answer} */ { frames, verdict, sure }) {
  const chip = getElement("#current-clip");
  const [image] = chip.getElementsByTagName("img");
  image.src = frames[Math.floor(frames.length / 2)];
  getElement("span", chip).textContent = `${verdict} · ${sure}`;
}

/** @param {Answer} answer */
function isWhole({ box: [left, top, width, height] }) {
  return left <= 0 && top <= 0 && width >= 1 && height >= 1;
}

/**
 * @param {Answer} answer
 * @param {string | null} address
 */
function showClip(answer, address) {
  const buttons = answer.frames.map((frame, number) => makeElement(
    "button", { type: "button", "data-frame": String(number) },
    makeElement("img", { src: frame, alt: "" }), makeElement("i"),
  ));
  find(".frames").replaceChildren(...buttons);
  find(".no-preview").textContent = "";
  const span = answer.times[answer.times.length - 1] - answer.times[0];
  const spare = answer.duration - span;
  const timeline = find(".timeline");
  timeline.hidden = spare < 0.5;
  const range = getInputs("input", timeline)[0];
  Object.assign(range, { max: String(spare), value: String(answer.start) });
  getElement("span", timeline).textContent = answer.part;
  player.load(answer, address);
  showInRow(answer.example ?? "");
}

/** Scroll the row of examples to one of them. */
function showInRow(/** @type {string} */ example) {
  const button = getElements(`.examples [data-example="${CSS.escape(example)}"]`)[0];
  if (!button) return;
  const row = find(".examples");
  const [inner, outer] = [button.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}

/**
 * @param {number[]} shares mean heat of each frame
 * @param {Answer} answer
 */
function showShares(shares, answer) {
  const most = Math.max(...shares, 1);
  const words = catalogSection("stage");
  for (const [number, button] of getElements(".frames button", getElement(".stage")).entries()) {
    button.style.setProperty("--share", String(shares[number] / most));
    const values = {
      number: number + 1, time: formatNumber(answer.times[number], 2),
      share: formatNumber(shares[number], 2),
    };
    button.title = fillTemplate(words.frame, values);
    button.setAttribute("aria-label", button.title);
  }
}

/** @param {Answer} answer */
function showBars({ predictions }) {
  const chosen = isOfLabel(chosenMethod()) ? choices.label || predictions[0].label : "";
  const words = catalogSection("stage");
  const bars = predictions.map(({ label, text, share, percent }) => {
    const title = fillTemplate(words.explain, { label: text });
    const button = makeElement(
      "button", { type: "button", "data-label": label, title },
      makeElement("span", { textContent: text }), makeElement("i"),
      makeElement("b", { textContent: percent }),
    );
    button.style.setProperty("--share", String(share));
    button.setAttribute("aria-pressed", String(label === chosen));
    return makeElement("li", {}, button);
  });
  const focused = document.activeElement?.getAttribute("data-label");
  find(".predictions").replaceChildren(...bars);
  if (focused) getElements(`[data-label="${CSS.escape(focused)}"]`)[0]?.focus();
}

/** @param {Answer} answer */
function showChoices(answer) {
  const method = chosenMethod();
  for (const input of getInputs('.stage input[name="method"]')) {
    input.checked = input.value === method;
    input.disabled = !knownModel().methods.includes(input.value);
  }
  showShape();
  const select = /** @type {HTMLSelectElement} */ (find(".methods"));
  for (const option of select.options) {
    option.disabled = Boolean(option.value) && !knownModel().methods.includes(option.value);
  }
  select.value = method;
  if (select.selectedIndex < 0) select.value = "";
  const { choose: none, reset } = catalogSection("stage");
  for (const [name, first] of /** @type {const} */ ([["label", reset], ["contrast", none]])) {
    const labels = /** @type {HTMLSelectElement} */ (find(`[data-choice="${name}"]`));
    const options = answer.labels.map(([value, text]) => new Option(text, value));
    labels.replaceChildren(new Option(first, ""), ...options);
    labels.value = choices[name];
    labels.disabled = !isOfLabel(method) || (name === "contrast" && !choices.label);
  }
  for (const button of getElements(".stage [data-example]")) {
    button.setAttribute("aria-pressed", String(button.dataset.example === answer.example));
  }
  find('[data-do="delete"]').hidden = Boolean(answer.example) || !previewOf();
  const compareButton = /** @type {HTMLButtonElement} */ (find('[data-do="compare"]'));
  const methods = new Set(answer.heatmaps.map(methodOf));
  compareButton.disabled = methods.size < 2 && !isComparing(); // the others still come
}

/** @type {Record<string, () => void>} */
const BUTTONS = {
  play: () => player.toggle(),
  previous: () => player.step(-1),
  next: () => player.step(1),
  compare,
  fullscreen: () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else find(".picture").requestFullscreen?.();
  },
};

function followControls() {
  const stage = getElement(".stage");
  stage.addEventListener("click", (event) => {
    const button = closestTo(event, "button");
    if (!button) return;
    BUTTONS[button.dataset.do ?? ""]?.();
    if (button.dataset.frame) player.goTo(Number(button.dataset.frame));
    if (button.dataset.example) {
      forgetClip();
      choose({ clip: { example: button.dataset.example } });
    }
    if (button.dataset.label) chooseLabel(button.dataset.label);
    if (button.dataset.example || button.dataset.label) bringPictureIntoView();
  });
  stage.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    if (target.name === "method" || target.matches(".methods")) choose({ method: target.value });
    if (target.closest(".captions")) setSecond(target.value);
    if (target.name === "shape") setShape(target.value);
    if (target.dataset.choice) choose({ [target.dataset.choice]: target.value });
    if (target.closest(".timeline")) choose({ start: Number(target.value) });
  });
  stage.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.matches(".opacity")) return;
    changePanes({ opacity: Number(target.value) });
  });
}

/** Scroll up to the picture if the window shows less than half of it. */
function bringPictureIntoView() {
  const { top, height } = find(".panes").getBoundingClientRect();
  if (top < -height / 2) find(".verdict").scrollIntoView({ block: "start" });
}

/** Explain a label, by the main method for that where the heatmap is the same for every label. */
function chooseLabel(/** @type {string} */ label) {
  const main = getInputs('.stage input[name="method"]').map(({ value }) => value).find(isOfLabel);
  choose({ label, method: isOfLabel(chosenMethod()) ? choices.method : main ?? "" });
}

/** @param {string} shape of the heat: smooth, patches or sharper */
function setShape(shape) {
  choices.smooth = shape !== "patches";
  const sharper = shape === "sharper";
  if (sharper !== choices.sharper) choose({ sharper });
  showShape();
}

/** Show the chosen shape of the heat. */
function showShape() {
  const { sharper, smooth } = choices;
  const shape = sharper ? "sharper" : smooth && "smooth" || "patches";
  for (const input of getInputs('.stage input[name="shape"]')) {
    input.checked = input.value === shape;
  }
  if (player.isSmooth === smooth) return;
  player.isSmooth = smooth;
  changePanes({ isSmooth: smooth });
}

/** Fill the stage with what it needs before an answer is there. */
export function startStage() {
  const panes = startPanes((shown) => player.show(shown));
  player = new Player(/** @type {HTMLVideoElement} */ (find("video.source")), panes, (frame) => {
    for (const button of getElements(".stage .frames button")) {
      if (button.dataset.frame === String(frame)) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }, (isPlaying) => find('[data-do="play"]').classList.toggle("playing", isPlaying), () => {
    find(".no-preview").textContent = catalogSection("stage").no_preview;
  });
  document.addEventListener("answer:awaited", () => {
    getElement(".stage").classList.add("waiting");
  });
  document.addEventListener("answer:failed", () => {
    getElement(".stage").classList.remove("waiting");
  });
  followControls();
}
