// Time attention at a position as a T x T matrix: rows attend, columns are attended to.

import { argmax } from "./attention-math.js";
import { makeElement } from "./dom.js";
import { catalogSection, fillTemplate, formatPercent } from "./i18n.js";
import { PixelCanvas, readColours } from "./pixel-canvas.js";

/** @type {Record<string, [number, number]>} */
const STEPS = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
};

export class TimeMatrix {
  /**
   * @param {object} options
   * @param {number} options.T
   * @param {string} options.colours
   * @param {(cell: [number, number] | null) => void} options.onSelect called with the frame that
   *   attends and the frame that is attended to, or null when the pointer and the focus leave
   */
  constructor({ T, colours, onSelect }) {
    this.T = T;
    this.words = catalogSection("explorer");
    this.onSelect = onSelect;
    this.colours = readColours(colours, () => 1);
    this.weights = new Float32Array(T * T);
    this.max = 0;
    /** @type {[number, number]} */
    this.cell = [0, 0];
    this.isSelected = false; // else the outline follows the chosen frame
    this.pixels = new PixelCanvas(T, T);
    this.outline = makeElement("span", { className: "ex-chosen" });
    this.matrix = makeElement("div", { className: "ex-matrix", tabIndex: 0, role: "application",
      "aria-label": this.words.matrix_label }, this.pixels.canvas, this.outline);
    this.scale = makeElement("p", { className: "ex-meaning" });
    this.readout = makeElement("p", { className: "ex-cell", "aria-live": "polite" });
    this.element = this.buildSection();
    this.listen();
  }

  buildSection() {
    const { words, T } = this;
    const axis = (/** @type {string} */ className) => makeElement("div",
      { className, "aria-hidden": "true" },
      ...Array.from({ length: T }, (_, frame) => makeElement("i", { textContent: frame + 1 })));
    return makeElement("section", { className: "ex-time", hidden: true },
      makeElement("h3", { textContent: words.matrix }),
      makeElement("p", { className: "ex-meaning", textContent: words.matrix_lead }),
      makeElement("div", { className: "ex-axes" }, axis("ex-across"), axis("ex-down"), this.matrix),
      this.scale, this.readout);
  }

  listen() {
    const { matrix } = this;
    const leave = () => {
      this.isSelected = false;
      this.onSelect(null);
    };
    matrix.addEventListener("pointermove", (event) => this.select(...this.cellAt(event)));
    matrix.addEventListener("pointerleave", leave);
    matrix.addEventListener("focus", () => this.select(...this.cell));
    matrix.addEventListener("blur", leave);
    matrix.addEventListener("keydown", (event) => {
      if (!STEPS[event.key]) return;
      const [rows, columns] = STEPS[event.key];
      this.select(this.cell[0] + rows, this.cell[1] + columns);
      event.preventDefault();
    });
  }

  /**
   * Show the weights of time attention at a patch's position; hide the matrix if there are none.
   * @param {import("./attention.js").Attention | null} attention
   * @param {import("./attention.js").Choice} choice
   */
  show(attention, { block, head, frame, position }) {
    this.element.hidden = !(attention?.hasTime && attention.has(block));
    if (!attention || this.element.hidden) return;
    const { T } = this;
    const weights = this.weights = attention.timeMatrix(block, head, position);
    const max = this.max = Math.max(...weights);
    this.pixels.paint((i) => this.colours[Math.round(255 * weights[i] / max)]);
    const values = { percent: formatPercent(max) };
    this.scale.textContent = fillTemplate(this.words.matrix_scale, values);
    if (!this.isSelected) {
      this.moveOutline(frame, argmax(weights.subarray(frame * T, (frame + 1) * T)));
    }
  }

  /**
   * @param {number} reading
   * @param {number} read
   */
  select(reading, read) {
    this.isSelected = true;
    this.moveOutline(reading, read);
    this.onSelect(this.cell);
    this.describe();
  }

  /**
   * Outline a cell, or the nearest one at the edge.
   * @param {number} reading
   * @param {number} read
   */
  moveOutline(reading, read) {
    const clamp = (/** @type {number} */ number) => Math.min(this.T - 1, Math.max(0, number));
    this.cell = [clamp(reading), clamp(read)];
    const [row, column] = this.cell;
    const side = 100 / this.T;
    this.outline.style.cssText = `left:${column * side}%;top:${row * side}%;`
      + `width:${side}%;height:${side}%`;
  }

  /** Put the outlined cell into a sentence. */
  describe() {
    if (this.element.hidden) return;
    const [reading, read] = this.cell;
    const percent = formatPercent(this.weights[reading * this.T + read]);
    const values = { reading: reading + 1, read: read + 1, percent };
    this.readout.textContent = fillTemplate(this.words.cell, values);
  }

  /**
   * Return the row and column under a pointer.
   * @param {MouseEvent} event
   * @returns {[number, number]}
   */
  cellAt(event) {
    const { left, top, width, height } = this.matrix.getBoundingClientRect();
    return [Math.floor((event.clientY - top) / height * this.T),
      Math.floor((event.clientX - left) / width * this.T)];
  }
}
