// The elements of the explorer. What visitors read counts from 1.

import { argmax } from "./attention-math.js";
import { makeElement, makeRadioGroup } from "./dom.js";
import { FrameHeatmap } from "./frame-heatmap.js";
import { HeadGrid } from "./head-grid.js";
import { catalogSection, fillTemplate, formatNumber } from "./i18n.js";
import { scaleTop } from "./pixel-canvas.js";
import { TimeMatrix } from "./time-matrix.js";

/** @typedef {import("./attention-source.js").ExplorerData} ExplorerData */
/** @typedef {import("./attention-source.js").Part} Part */

const NUMBERS = /** @type {const} */ (["frame", "row", "column"]);
const VIEWS = /** @type {const} */ (["space", "time", "hops", "rollout"]);

/**
 * What the controls call.
 * @typedef {object} Actions
 * @property {(changes: Record<string, unknown>) => void} show
 * @property {((part: Part) => void) | null} fetchPart null in a report, which has no server
 * @property {() => boolean} toggleMasking returns true if masking is on now
 * @property {(frame: number, isMasked: boolean) => void} maskFrame
 * @property {() => void} unmaskAll
 * @property {(event: KeyboardEvent) => void} pressKey
 */

export class ExplorerLayout {
  /**
   * Fill the section.
   * @param {HTMLElement} section
   * @param {ExplorerData} data
   * @param {Record<string, number>} limits largest value of each number of the state
   * @param {Actions} actions
   */
  constructor(section, data, limits, actions) {
    const { colours, frames, grid: [h, w] } = data;
    const words = this.words = catalogSection("explorer");
    const T = frames.length;
    this.N = h * w;
    this.section = section;
    this.data = data;
    this.limits = limits;
    this.actions = actions;
    this.large = this.makeLarge();
    this.small = frames.map(() => new FrameHeatmap(data));
    this.figures = this.small.map((small, frame) => this.makeFigure(small, frame));
    this.scaleTop = makeElement("span");
    this.scale = makeElement("div", { className: "ex-scale", role: "img" },
      makeElement("span", { textContent: "0" }), makeElement("i"), this.scaleTop);
    this.numbers = NUMBERS.map((name) => this.makeNumber(name));
    this.maskNote = makeElement("p", { role: "status" });
    this.views = this.makeViews();
    this.blocks = makeRadioGroup(words.block, numbered(limits.block),
      (block) => actions.show({ block }));
    this.heads = makeRadioGroup(words.head, [["mean", words.mean], ...numbered(limits.head)],
      (head) => actions.show({ head }));
    this.meaning = makeElement("p", { className: "ex-meaning" });
    this.how = makeElement("a", { className: "ex-how", textContent: words.how });
    this.withoutRollout = makeElement("p", { className: "ex-meaning",
      textContent: actions.fetchPart ? tooLarge("frame") : words.without.large });
    this.fetching = { block: this.makeFetching("block"), frame: this.makeFetching("frame") };
    this.readout = makeElement("div", { className: "ex-readout", "aria-live": "polite" });
    this.matrix = new TimeMatrix({ T, colours, onSelect: (cell) => this.tagFrames(cell) });
    this.headGrid = new HeadGrid({ colours, shape: { T, h, w }, onChoose: actions.show });
    this.note = makeElement("p", { className: "ex-note", role: "status" });
    this.fill();
  }

  fill() {
    const { section, data, words } = this;
    const digits = data.colours.match(/.{6}/g) ?? [];
    const colours = digits.filter((_, i) => i % 17 === 0).map((colour) => `#${colour}`);
    section.style.setProperty("--heat", colours.join());
    section.replaceChildren(
      makeElement("h2", { textContent: words.heading }),
      makeElement("p", { className: "ex-lead", textContent: words.lead }),
      makeElement("div", { className: "ex-parts" }, this.pictures(), this.controls()),
      this.note, this.headGrid.element,
    );
    section.dataset.mounted = "";
  }

  pictures() {
    const { words, actions, numbers, figures } = this;
    return makeElement("div", { className: "ex-pictures" }, this.large.element, this.scale,
      makeElement("div", { className: "ex-numbers" }, ...numbers.map(({ label }) => label)),
      ...(actions.fetchPart ? [this.makeMasking()] : []), // the server answers without the patches
      makeElement("div", { className: "ex-strip", "aria-label": words.frames, role: "group" },
        ...figures.map(({ figure }) => figure)));
  }

  controls() {
    const { words, data, fetching } = this;
    const without = data.scheme === "divided_space_time" ? "" : words.without[data.scheme];
    return makeElement("div", { className: "ex-controls" }, this.views, this.meaning, this.how,
      ...(without ? [makeElement("p", { className: "ex-meaning", textContent: without })] : []),
      this.withoutRollout, this.blocks, this.heads, fetching.block.box, fetching.frame.box,
      this.readout, this.matrix.element);
  }

  makeLarge() {
    const large = new FrameHeatmap(this.data);
    large.element.classList.add("ex-big");
    Object.assign(large.element, { tabIndex: 0, role: "application" });
    large.element.setAttribute("aria-label", this.words.picture);
    large.element.addEventListener("keydown", this.actions.pressKey);
    return large;
  }

  /**
   * @param {FrameHeatmap} small
   * @param {number} frame
   */
  makeFigure(small, frame) {
    const { words, data, actions } = this;
    const values = { frame: frame + 1, time: formatNumber(data.times[frame], 2) };
    const box = makeElement("input", { type: "checkbox" });
    box.setAttribute("aria-label", fillTemplate(words.mask_frame, { frame: frame + 1 }));
    box.addEventListener("change", () => actions.maskFrame(frame, box.checked));
    const [reading, read] = /** @type {const} */ (["reading", "read"]).map((tag) => (
      makeElement("b", { className: `ex-${tag}`, textContent: words[tag], hidden: true })
    ));
    const figure = makeElement("figure", {}, small.element,
      makeElement("figcaption", {}, fillTemplate(words.figure, values)),
      makeElement("label", { className: "ex-mask-frame" }, box, words.mask_short), reading, read);
    return { figure, box, reading, read };
  }

  /** @param {typeof NUMBERS[number]} name */
  makeNumber(name) {
    const input = makeElement("input", { type: "number", min: 1, max: this.limits[name] });
    input.addEventListener("change", () => this.actions.show({ [name]: input.value }));
    return { name, input, label: makeElement("label", {}, this.words[name], input) };
  }

  makeMasking() {
    const { words, actions } = this;
    const masking = makeElement("button", { type: "button", textContent: words.mask });
    masking.setAttribute("aria-pressed", "false");
    masking.addEventListener("click", () => {
      const isMasking = actions.toggleMasking();
      masking.setAttribute("aria-pressed", String(isMasking));
      this.section.classList.toggle("ex-is-masking", isMasking);
    });
    const unmask = makeElement("button", { type: "button", textContent: words.unmask });
    unmask.addEventListener("click", actions.unmaskAll);
    return makeElement("div", { className: "ex-masking" }, masking, unmask, this.maskNote);
  }

  makeViews() {
    const { words, data: { scheme }, actions } = this;
    const views = VIEWS.map((view) => {
      const isJoint = view === "hops" && scheme === "joint_space_time";
      return /** @type {[string, string]} */ ([view, words[isJoint ? "joint" : view]]);
    });
    return makeRadioGroup(words.views, views, (view) => actions.show({ view }));
  }

  /**
   * Make the way to one block, or to one frame's rollout, of a model too large to come whole.
   * @param {Part} part
   */
  makeFetching(part) {
    const { words, data: { megabytes }, actions: { fetchPart } } = this;
    const box = makeElement("div", { className: "ex-fetch" });
    const progress = makeElement("p", { role: "status" });
    const size = megabytes[part];
    if (!fetchPart || !size) {
      box.append(makeElement("p", { textContent: tooLarge(part) }));
      return { box, progress };
    }
    const button = makeElement("button", { type: "button", textContent: words.fetch[part] });
    button.addEventListener("click", () => fetchPart(part));
    const textContent = fillTemplate(words.fetch_lead[part], {
      megabytes: formatNumber(size, size < 1 ? 1 : 0),
    });
    box.append(makeElement("p", { textContent }), button, progress);
    return { box, progress };
  }

  /**
   * Show or clear the note that a part is being loaded.
   * @param {Part} part
   * @param {boolean} isWaiting
   */
  setWaiting(part, isWaiting) {
    this.fetching[part].progress.textContent = isWaiting ? this.words.fetching[part] : "";
  }

  /**
   * Draw a heatmap over all frames on one scale; outline the chosen and the strongest patch.
   * @param {import("./attention.js").Heatmap | null} heatmap
   * @param {import("./attention.js").Choice} choice
   */
  paint(heatmap, { frame, position }) {
    const { N } = this;
    const top = heatmap ? scaleTop(heatmap) : 2;
    const strongest = heatmap ? argmax(heatmap.patches) : -1;
    const paintFrame = (/** @type {FrameHeatmap} */ picture, /** @type {number} */ number) => {
      picture.paint(heatmap, number, top);
      picture.outline({
        chosen: number === frame ? position : null,
        strongest: Math.floor(strongest / N) === number ? strongest % N : null,
      });
    };
    paintFrame(this.large, frame);
    this.small.forEach(paintFrame);
    this.figures.forEach(({ figure }, number) => {
      figure.classList.toggle("ex-now", number === frame);
    });
    const values = { top: formatNumber(top, 1) };
    this.scale.setAttribute("aria-label", fillTemplate(this.words.scale, values));
    this.scaleTop.textContent = fillTemplate(this.words.top, values);
  }

  /**
   * Tag the frame that attends and the frame that is attended to.
   * @param {[number, number] | null} cell
   */
  tagFrames(cell) {
    this.figures.forEach(({ figure, reading, read }, frame) => {
      const [isReading, isRead] = [cell?.[0] === frame, cell?.[1] === frame];
      figure.classList.toggle("ex-lit", isReading || isRead);
      reading.hidden = !isReading;
      read.hidden = !isRead;
    });
  }
}

/**
 * @param {number} max
 * @returns {[number, number][]}
 */
function numbered(max) {
  return Array.from({ length: max }, (_, i) => [i + 1, i + 1]);
}

/** @param {Part} part */
function tooLarge(part) {
  return catalogSection("errors").explorer[`${part}_too_large`];
}
