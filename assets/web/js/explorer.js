// The explorer: point at a patch of any frame and see what it attends to. It knows no Gradio.
// What visitors read and what `state` holds count from 1; everything else from 0.

import { argmax } from "./attention-math.js";
import { AttentionSource } from "./attention-source.js";
import { checkRadio, makeElement } from "./dom.js";
import { ExplorerLayout } from "./explorer-layout.js";
import { followPointer, pressKey } from "./explorer-input.js";
import { coordinatesOf, describeHeatmap, nameToken } from "./explorer-readout.js";
import { SORTS } from "./head-grid.js";
import { runInSlices, surveyHeads } from "./head-survey.js";
import { catalogSection, fillTemplate, formatPercent } from "./i18n.js";
import { MaskEditor } from "./mask-editor.js";

const HEAD_GRID_DELAY_MS = 90; // without a change before the small heatmaps follow
const READOUT_DELAY_MS = 300; // without a change before the readout follows

/** @typedef {import("./attention.js").Heatmap} Heatmap */
/** @typedef {import("./attention.js").View} View */
/** @typedef {import("./attention-source.js").Part} Part */

/**
 * @typedef {{block: number, head: number | "mean", frame: number, row: number, column: number,
 *   view: View, sort: import("./head-grid.js").Sort}} State
 */

/**
 * @typedef {object} Options
 * @property {ArrayBuffer | null} [buffer] safetensors file of queries and keys
 * @property {((part: Part, number: number) => void) | null} [fetchPart] null without a server
 * @property {(() => void) | null} [onChange]
 */

export class Explorer {
  /**
   * @param {HTMLElement} section
   * @param {Options} options
   */
  constructor(section, { buffer = null, fetchPart = null, onChange = null } = {}) {
    /** @type {import("./attention-source.js").ExplorerData} */
    this.data = JSON.parse(section.dataset.explorer ?? "");
    const { frames, grid: [h, w], scheme, blocks, heads, megabytes } = this.data;
    this.T = frames.length;
    this.w = w;
    this.N = h * w;
    this.section = section;
    this.words = catalogSection("explorer");
    this.onChange = onChange;
    this.source = new AttentionSource(this.data, {
      canFetchRollout: Boolean(fetchPart && megabytes.frame),
    });
    /** @type {Record<string, number>} */
    this.limits = { block: blocks, head: heads, frame: this.T, row: h, column: w };
    /** @type {State} */
    this.state = {
      block: blocks, head: "mean", frame: Math.ceil(this.T / 2), row: Math.ceil(h / 2),
      column: Math.ceil(w / 2), view: scheme === "joint_space_time" ? "hops" : "space",
      sort: SORTS[0],
    };
    /** @type {Heatmap | null} */
    this.heatmap = null;
    /** @type {{frame: number, row: number, column: number} | null} */
    this.preview = null; // the patch under the pointer
    /** @type {number | null} */
    this.nextPaint = null;
    this.isRolloutAwaited = false;
    /** @type {import("./attention.js").Attention | null} */
    this.surveyed = null;
    this.layout = this.buildLayout(fetchPart);
    /** @type {MaskEditor} */
    this.mask = new MaskEditor(this.layout, this);
    this.images = frames.map((src) => makeElement("img", { src, alt: "" }));
    this.loadFrames();
    if (buffer) this.give(buffer);
    this.update();
  }

  /**
   * @param {Options["fetchPart"]} fetchPart
   * @returns {ExplorerLayout}
   */
  buildLayout(fetchPart) {
    const layout = new ExplorerLayout(this.section, this.data, this.limits, {
      show: (changes) => this.show(changes),
      fetchPart: fetchPart ? (part) => {
        this.layout.setWaiting(part, true);
        fetchPart(part, this.state[part]);
      } : null,
      toggleMasking: () => {
        this.mask.toggle();
        return this.mask.isActive;
      },
      maskFrame: (frame, isMasked) => {
        this.mask.setFrame(frame, isMasked);
        this.draw();
      },
      unmaskAll: () => {
        this.mask.clear();
        this.draw();
      },
      pressKey: (event) => pressKey(this, event),
    });
    followPointer(this, layout.large, () => this.shown.choice.frame);
    layout.small.forEach((small, frame) => followPointer(this, small, () => frame));
    return layout;
  }

  get attention() {
    return this.source.attention;
  }

  /**
   * Change the state; values that do not exist are ignored.
   * @param {Record<string, unknown>} changes
   */
  show(changes) {
    const before = JSON.stringify(this.state);
    for (const [name, max] of Object.entries(this.limits)) {
      const number = Number(changes[name]);
      if (Number.isInteger(number) && number >= 1 && number <= max) {
        Object.assign(this.state, { [name]: number });
      }
    }
    if (changes.head === "mean") this.state.head = "mean";
    this.state.view = this.source.views.find((view) => view === changes.view) ?? this.state.view;
    this.state.sort = SORTS.find((sort) => sort === changes.sort) ?? this.state.sort;
    this.preview = null;
    this.update();
    if (before !== JSON.stringify(this.state)) this.onChange?.();
  }

  /**
   * Take a safetensors file: the queries and keys of all blocks or of one, or the rollout of a
   * frame; null if the file did not come.
   * @param {ArrayBuffer | null} buffer
   */
  give(buffer) {
    const { attention } = this.source;
    const isOurs = Boolean(buffer && this.source.give(buffer));
    this.showNote(isOurs ? "" : buffer ? this.words.other_clip : this.words.not_loaded);
    if (this.attention && this.attention !== attention) {
      this.layout.headGrid.setAttention(this.attention);
      if (!this.attention.isJoint) this.survey();
    }
    this.update();
  }

  /** Return the state and, if one head is chosen, its query and keys with their names. */
  numbersShown() {
    const { attention, shown: { choice }, T, w } = this;
    const state = { ...this.state };
    const { head, block, frame } = choice;
    if (head === "mean" || !attention?.has(block)) return { state };
    const { kind, query, keys } = attention.queryAndKeys({ ...choice, head });
    const names = keys.map((_, token) => nameToken(kind, token, { frame, T, w }));
    return { state, kind, query, keys, names };
  }

  /** @param {string} sentence */
  showNote(sentence) {
    this.layout.note.textContent = sentence;
  }

  async loadFrames() {
    await Promise.all(this.images.map((image) => image.decode()));
    this.layout.small.forEach((small, frame) => small.showImage(this.images[frame]));
    this.draw();
  }

  /** What is shown now: the state, or the patch under the pointer. */
  get shown() {
    const { block, head, view, frame, row, column } = { ...this.state, ...this.preview };
    return {
      view,
      choice: {
        block: block - 1, head: head === "mean" ? head : head - 1, frame: frame - 1,
        position: (row - 1) * this.w + column - 1,
      },
    };
  }

  // Update the controls, then the pictures.
  update() {
    const { state, source, words, layout } = this;
    const { view, block, frame, sort } = state;
    checkRadio(layout.views, view, source.views);
    checkRadio(layout.blocks, block);
    checkRadio(layout.heads, state.head);
    for (const { name, input } of layout.numbers) {
      input.value = String(state[name]);
    }
    const isJoint = this.data.scheme === "joint_space_time" && view === "hops";
    layout.meaning.textContent = words.meanings[isJoint ? "joint" : view];
    layout.how.href = view === "time" ? "#step-time" : "#step-space";
    layout.how.hidden = !document.querySelector("header.top"); // a report has no such tab
    this.setHidden(layout.fetching.block.box, source.hasBlock(view, block - 1));
    this.setHidden(layout.fetching.frame.box, source.hasFrame(view, frame - 1));
    layout.withoutRollout.hidden = source.views.includes("rollout");
    if ((view === "rollout" && source.rollsHere) || sort !== SORTS[0]) this.survey();
    layout.headGrid.order(state);
    this.draw();
  }

  /**
   * Hide a box. A focus inside it moves to the picture.
   * @param {HTMLElement} box
   * @param {boolean} isHidden
   */
  setHidden(box, isHidden) {
    if (isHidden && box.contains(document.activeElement)) this.layout.large.element.focus();
    box.hidden = isHidden;
  }

  // Paint at most once per animation frame.
  draw() {
    this.nextPaint ??= requestAnimationFrame(() => {
      this.nextPaint = null;
      this.paint();
    });
  }

  paint() {
    const { layout, images, mask, shown: { view, choice } } = this;
    const heatmap = this.heatmap = this.source.heatmap(view, choice);
    if (images[choice.frame].complete) layout.large.showImage(images[choice.frame]);
    mask.hatchLarge(choice.frame);
    layout.paint(heatmap, choice);
    layout.matrix.show(this.attention, choice);
    clearTimeout(this.headGridTimer);
    clearTimeout(this.readoutTimer);
    this.headGridTimer = setTimeout(() => {
      layout.headGrid.paint(this.shown.view, this.shown.choice);
    }, HEAD_GRID_DELAY_MS);
    this.readoutTimer = setTimeout(() => this.describe(), READOUT_DELAY_MS);
  }

  // Put what is shown into sentences.
  describe() {
    const { words, heatmap, T, N, w, layout: { readout }, shown: { view, choice } } = this;
    const sentences = [fillTemplate(words.patch, coordinatesOf(choice, w))];
    if (heatmap) {
      const index = argmax(heatmap.patches);
      sentences.push(...describeHeatmap(heatmap, {
        view, choice, strongest: { frame: Math.floor(index / N), position: index % N },
        weight: heatmap.patches[index], numBlocks: this.data.blocks, T, w,
      }));
    }
    if (readout.textContent !== sentences.join("")) { // else screen readers read it again
      readout.replaceChildren(...sentences.map((textContent) => makeElement("p", { textContent })));
    }
    this.layout.matrix.describe();
  }

  // Compute the statistics of all heads, and what rollout needs, once per model and clip.
  survey() {
    const { attention } = this;
    if (!attention || attention.survey || this.surveyed === attention) return;
    this.surveyed = attention;
    runInSlices(surveyHeads(attention), {
      isWanted: () => this.section.isConnected && this.attention === attention,
      onProgress: (share) => this.showProgress(share),
      onEnd: () => {
        this.showProgress(null);
        this.update();
      },
    });
  }

  /** @param {number | null} share of the survey that is done, null at its end */
  showProgress(share) {
    const sentence = share === null ? ""
      : fillTemplate(this.words.progress, { percent: formatPercent(share, 0) });
    this.layout.headGrid.progress.textContent = sentence;
    const isAwaited = this.state.view === "rollout" && this.source.rollsHere;
    if (isAwaited || this.isRolloutAwaited) this.showNote(isAwaited ? sentence : "");
    this.isRolloutAwaited = isAwaited;
  }

  /**
   * Show a patch while the pointer is over it, or the chosen patch again.
   * @param {import("./attention.js").Patch | null} patch
   */
  previewPatch(patch) {
    const isHere = patch && this.source.hasFrame(this.state.view, patch.frame);
    this.preview = isHere ? coordinatesOf(patch, this.w) : null;
    this.draw();
  }

  /** @param {import("./attention.js").Patch} patch */
  choosePatch(patch) {
    this.show(coordinatesOf(patch, this.w));
  }
}
