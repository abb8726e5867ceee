// Small heatmaps of one patch, one for each head of each block, in a chosen order.

import { checkRadio, makeElement, makeRadioGroup } from "./dom.js";
import { catalogSection, fillTemplate, formatNumber } from "./i18n.js";
import { PixelCanvas, readColours, scaleTop } from "./pixel-canvas.js";

/** @typedef {import("./attention.js").Attention} Attention */
/** @typedef {import("./attention.js").Choice} Choice */
/** @typedef {import("./attention.js").View} View */
/** @typedef {"position" | "entropy" | "distance"} Sort */
/** @typedef {{T: number, h: number, w: number}} Shape */

/** @type {Sort[]} */
export const SORTS = ["position", "entropy", "distance"];
const STATISTIC = { position: null, entropy: "bits", distance: "distance" };
const MAX_COLUMNS = 12; // heatmaps in a row of a wide page: the heads of some blocks

export class HeadGrid {
  /**
   * @param {object} options
   * @param {string} options.colours
   * @param {Shape} options.shape
   * @param {(changes: {sort?: string, block?: number, head?: number}) => void} options.onChoose
   *   called with a sort, or with a block and a head that count from 1
   */
  constructor({ colours, shape, onChoose }) {
    const words = this.words = catalogSection("explorer");
    this.onChoose = onChoose;
    this.shape = shape;
    /** @type {Attention | null} */
    this.attention = null;
    /** @type {Cell[]} */
    this.cells = [];
    this.colours = readColours(colours, () => 1);
    const sorts = SORTS.map((sort) => /** @type {[string, string]} */ ([sort, words.sorts[sort]]));
    this.sorts = makeRadioGroup(words.sort, sorts, (sort) => onChoose({ sort }));
    this.progress = makeElement("p", { className: "ex-progress" });
    this.container = makeElement("div", { className: "ex-cells" });
    this.element = makeElement("section", { className: "ex-heads", hidden: true },
      makeElement("h3", { textContent: words.heads }),
      makeElement("p", { textContent: words.heads_lead }), this.sorts, this.progress,
      makeElement("div", { className: "ex-scroll" }, this.container));
  }

  /** @param {Attention} attention */
  setAttention(attention) {
    this.attention = attention;
    this.cells = attention.blocks.flatMap((block) => (
      Array.from({ length: attention.A }, (_, head) => this.makeCell(block, head))
    ));
    const blocksPerRow = Math.max(1, Math.floor(MAX_COLUMNS / attention.A));
    this.container.style.setProperty("--heads", String(attention.A));
    this.container.style.setProperty("--blocks-per-row", String(blocksPerRow));
    this.element.hidden = false;
  }

  /**
   * @param {number} block
   * @param {number} head
   */
  makeCell(block, head) {
    const heatmap = new HeadHeatmap(this.colours);
    const caption = makeElement("span");
    const button = makeElement("button", { type: "button" }, heatmap.canvas, caption);
    button.addEventListener("click", () => this.onChoose({ block: block + 1, head: head + 1 }));
    return { block, head, heatmap, caption, button };
  }

  /**
   * Sort the heads once their statistics are computed, and mark the chosen head.
   * @param {{sort: Sort, block: number, head: import("./attention.js").Head}} state from 1
   */
  order({ sort, block, head }) {
    checkRadio(this.sorts, sort);
    const survey = this.attention?.survey;
    const captions = this.words.head_captions;
    const cells = this.cells.map((cell, i) => (
      { ...cell, bits: survey?.[i].bits ?? 0, distance: survey?.[i].distance ?? 0 }
    ));
    const by = survey && /** @type {"bits" | "distance" | null} */ (STATISTIC[sort]);
    if (by) cells.sort((a, b) => a[by] - b[by]);
    for (const cell of cells) {
      const values = {
        block: cell.block + 1, head: cell.head + 1,
        bits: formatNumber(cell.bits, 1), distance: formatNumber(cell.distance, 1),
      };
      const label = fillTemplate(captions[survey ? "all" : "position"], values);
      const isChosen = cell.block + 1 === block && cell.head + 1 === head;
      cell.caption.textContent = fillTemplate(captions[by ? sort : "position"], values);
      cell.button.title = label;
      cell.button.setAttribute("aria-label", label);
      cell.button.setAttribute("aria-pressed", String(isChosen));
    }
    const buttons = cells.map(({ button }) => button);
    this.container.classList.toggle("ex-sorted", Boolean(by));
    if (buttons.some((button, i) => this.container.children[i] !== button)) {
      this.container.replaceChildren(...buttons);
    }
  }

  /**
   * Draw every head's heatmap of a patch. A rollout has no single heads, so a block stands in.
   * @param {View} view
   * @param {Choice} choice
   */
  paint(view, choice) {
    const { attention, shape } = this;
    if (!attention) return;
    const ofBlock = attention.isJoint || attention.hasTime ? "hops" : "space";
    const shown = view === "rollout" ? ofBlock : view;
    this.container.classList.toggle("ex-wide", shown === "hops");
    for (const { block, head, heatmap } of this.cells) {
      const weights = attention.heatmap(shown, { ...choice, block, head });
      heatmap.paint(shown, weights, shape, choice);
    }
  }
}

/**
 * @typedef {{block: number, head: number, heatmap: HeadHeatmap, caption: HTMLElement,
 *   button: HTMLButtonElement}} Cell
 */

// A heatmap with a scale of its own: one frame, or all frames as tiles.
class HeadHeatmap {
  /** @param {Uint32Array} colours */
  constructor(colours) {
    this.pixels = new PixelCanvas(1, 1);
    this.canvas = this.pixels.canvas;
    this.colours = colours;
  }

  /**
   * @param {View} view
   * @param {import("./attention.js").Heatmap} heatmap
   * @param {Shape} shape
   * @param {import("./attention.js").Patch} patch
   */
  paint(view, heatmap, { T, h, w }, { frame, position }) {
    const scale = 255 * heatmap.count / scaleTop(heatmap);
    const colourAt = (/** @type {number} */ t, /** @type {number} */ p) => (
      this.colours[Math.min(255, Math.round(heatmap.patches[t * h * w + p] * scale))]
    );
    const frames = view === "space" ? [frame] : [...Array(T).keys()];
    this.canvas.style.aspectRatio = view === "time" ? "4 / 1" : "";
    if (view === "time") {
      this.paintTiles(frames, T, { h: 1, w: 1 }, (t) => colourAt(t, position));
    } else {
      const columns = Math.min(frames.length, Math.ceil(Math.sqrt(2 * frames.length)));
      this.paintTiles(frames, columns, { h, w }, colourAt);
    }
  }

  /**
   * @param {number[]} frames
   * @param {number} columns tiles in a row
   * @param {{h: number, w: number}} tile
   * @param {(frame: number, position: number) => number} colourAt
   */
  paintTiles(frames, columns, { h, w }, colourAt) {
    const width = columns * w;
    this.pixels.resize(width, Math.ceil(frames.length / columns) * h);
    this.pixels.paint((i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      const frame = frames[Math.floor(y / h) * columns + Math.floor(x / w)];
      return frame === undefined ? 0 : colourAt(frame, (y % h) * w + (x % w));
    });
  }
}
