// One picture of the stage: a frame, darker outside the crop, and its heatmap.

import { known } from "./answers.js";
import { PixelCanvas, contextOf, mixColours, readColours } from "./pixel-canvas.js";

/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {import("./answers.js").Heatmap} Heatmap */

const DIM = "rgba(5, 8, 20, 0.3)"; // of the frame below the heatmap
const OUTSIDE = "rgba(5, 8, 20, 0.7)"; // of what the model did not see
const MAX_PIXELS = 1600; // of a side of the canvas
const STEEPNESS = 1.15; // opacity of the heat over its share of the scale
const opacityOf = (/** @type {number} */ share) => Math.min(1, share * STEEPNESS);
const WARM = readColours(known.colours, opacityOf);
const BLUE = readColours(known.colours.replaceAll(/(..)(..)(..)/g, "$3$2$1"), opacityOf);

export class Pane {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = contextOf(canvas);
    this.opacity = 0.8;
    this.isSmooth = true;
    this.method = "";
    this.pixels = new PixelCanvas(1, 1);
    this.values = new Uint8Array();
    this.moved = new Uint8Array(); // empty if the heatmap does not tell what is due to motion
    /** @type {Heatmap | null} */
    this.heatmap = null;
    /** @type {Answer | null} */
    this.answer = null;
  }

  /**
   * Take the heatmap of an answer.
   * @param {Answer} answer
   * @param {Heatmap} heatmap
   */
  show(answer, heatmap) {
    const { grid: [h, w] } = heatmap;
    this.answer = answer;
    this.pixels.resize(w, h);
    if (heatmap !== this.heatmap) {
      this.heatmap = heatmap;
      this.values = readBytes(heatmap.values);
      this.moved = readBytes(heatmap.moved);
    }
    this.canvas.setAttribute("aria-label", `${heatmap.name}. ${heatmap.text}`);
  }

  /**
   * Draw a picture with the heatmap between two frames.
   * @param {CanvasImageSource} picture
   * @param {number} frame
   * @param {number} share of the way to the next frame, 0..1
   */
  draw(picture, frame, share) {
    const { canvas, context, answer } = this;
    if (!answer) return;
    const { width: shownWidth } = canvas.getBoundingClientRect();
    const [W, H] = answer.size;
    const width = Math.max(1, Math.min(MAX_PIXELS, Math.round(shownWidth * devicePixelRatio)));
    const height = Math.max(1, Math.round(width * H / W));
    const isOther = canvas.width !== width || canvas.height !== height;
    if (isOther) Object.assign(canvas, { width, height });
    context.imageSmoothingEnabled = true;
    context.drawImage(picture, 0, 0, width, height);
    const [left, top, boxWidth, boxHeight] = answer.box;
    const box = /** @type {const} */ ([
      left * width, top * height, boxWidth * width, boxHeight * height,
    ]);
    this.darken(box);
    this.paintHeatmap(frame, share);
    context.imageSmoothingEnabled = this.isSmooth;
    context.imageSmoothingQuality = "high";
    context.globalAlpha = this.opacity;
    context.drawImage(this.pixels.canvas, ...box);
    context.globalAlpha = 1;
  }

  /** @param {readonly [number, number, number, number]} box */
  darken(box) {
    const { canvas: { width, height }, context } = this;
    const outside = new Path2D();
    outside.rect(0, 0, width, height);
    outside.rect(...box);
    context.fillStyle = OUTSIDE;
    context.fill(outside, "evenodd");
    context.globalAlpha = this.opacity;
    context.fillStyle = DIM;
    context.fillRect(...box);
    context.globalAlpha = 1;
  }

  /**
   * @param {number} frame
   * @param {number} share
   */
  paintHeatmap(frame, share) {
    if (!this.heatmap) return;
    const [h, w] = this.heatmap.grid;
    const first = frame * h * w;
    const next = Math.min(first + h * w, this.values.length - h * w);
    const { values, moved } = this;
    this.pixels.paint((position) => {
      const [now, then] = [first + position, next + position];
      const level = Math.round(values[now] * (1 - share) + values[then] * share);
      if (!moved.length) return WARM[level];
      const heat = [values[now] ** 2 * (1 - share), values[then] ** 2 * share];
      const motion = heat[0] * moved[now] + heat[1] * moved[then];
      return mixColours(BLUE[level], WARM[level], motion / (255 * (heat[0] + heat[1]) || 1));
    });
  }
}

/** @param {string} text bytes in base64 */
function readBytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
