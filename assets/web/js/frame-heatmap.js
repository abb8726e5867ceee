// A frame in grey with its part of a heatmap, the chosen patch, the strongest one, and the mask.
// Frames and positions count from 0.

import { makeElement } from "./dom.js";
import { PixelCanvas, contextOf, packColour, readColours } from "./pixel-canvas.js";

const MAX_OPACITY = 0.85; // of the hottest patch, as in overlay.py
const UNREAD_OPACITY = 0.72; // of the black over patches that a view does not read
const HATCH_PIXELS = 8; // of a masked patch, each way

const CLEAR = packColour(0, 0, 0, 0);
const UNREAD = packColour(0, 0, 0, 255 * UNREAD_OPACITY);

export class FrameHeatmap {
  /** @param {{grid: [number, number], size: [number, number], colours: string}} data */
  constructor({ grid: [h, w], size: [width, height], colours }) {
    this.h = h;
    this.w = w;
    this.picture = makeElement("canvas", { width, height, className: "ex-picture" });
    this.overlay = new PixelCanvas(w, h);
    this.hatching = makeElement("canvas", { width: w * HATCH_PIXELS, height: h * HATCH_PIXELS });
    this.chosen = makeElement("span", { className: "ex-chosen", hidden: true });
    this.strongest = makeElement("span", { className: "ex-strongest", hidden: true });
    this.element = makeElement("div", { className: "ex-frame" }, this.picture,
      this.overlay.canvas, this.hatching, this.strongest, this.chosen);
    this.element.style.aspectRatio = `${width} / ${height}`;
    this.colours = readColours(colours, (share) => MAX_OPACITY * Math.sqrt(share));
    /** @type {HTMLImageElement | null} */
    this.image = null;
  }

  /** @param {HTMLImageElement} image */
  showImage(image) {
    if (this.image === image) return;
    this.image = image;
    const { width, height } = this.picture;
    contextOf(this.picture).drawImage(image, 0, 0, width, height);
  }

  /**
   * Draw a frame of a heatmap, or none.
   * @param {import("./attention.js").Heatmap | null} heatmap
   * @param {number} frame
   * @param {number} top value of the brightest colour in "times uniform"
   */
  paint(heatmap, frame, top) {
    const first = frame * this.h * this.w;
    if (!heatmap) {
      this.overlay.paint(() => CLEAR);
      return;
    }
    const { patches, count } = heatmap;
    const scale = 255 * count / top;
    this.overlay.paint((position) => {
      const weight = patches[first + position];
      if (Number.isNaN(weight)) return UNREAD;
      return this.colours[Math.min(255, Math.round(weight * scale))];
    });
  }

  /**
   * Outline the chosen and the strongest patch; null where the frame holds neither.
   * @param {{chosen: number | null, strongest: number | null}} positions
   */
  outline({ chosen, strongest }) {
    this.placeOutline(this.chosen, chosen);
    this.placeOutline(this.strongest, strongest);
  }

  /**
   * @param {HTMLElement} outline
   * @param {number | null} position
   */
  placeOutline(outline, position) {
    outline.hidden = position === null;
    if (position === null) return;
    const [row, column] = [Math.floor(position / this.w), position % this.w];
    outline.style.cssText = `left:${100 * column / this.w}%;top:${100 * row / this.h}%;`
      + `width:${100 / this.w}%;height:${100 / this.h}%`;
  }

  /**
   * Hatch the masked patches.
   * @param {Uint8Array} masked one number per position
   */
  hatch(masked) {
    const context = contextOf(this.hatching);
    context.clearRect(0, 0, this.hatching.width, this.hatching.height);
    masked.forEach((isMasked, position) => {
      if (!isMasked) return;
      const [x, y] = [
        (position % this.w) * HATCH_PIXELS, Math.floor(position / this.w) * HATCH_PIXELS,
      ];
      for (let i = 0; i < HATCH_PIXELS; i += 1) {
        for (let j = 0; j < HATCH_PIXELS; j += 1) {
          context.fillStyle = (i + j) % HATCH_PIXELS < 3 ? "#fff" : "#334155";
          context.fillRect(x + j, y + i, 1, 1);
        }
      }
    });
  }

  /**
   * Return the position under a pointer, or null.
   * @param {MouseEvent} event
   */
  positionAt(event) {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    const column = Math.floor((event.clientX - left) / width * this.w);
    const row = Math.floor((event.clientY - top) / height * this.h);
    const isInside = row >= 0 && row < this.h && column >= 0 && column < this.w;
    return isInside ? row * this.w + column : null;
  }
}
