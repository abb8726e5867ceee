// A canvas with one pixel per number, and the colours of heatmaps.

import { makeElement } from "./dom.js";

const SCALE_QUANTILE = 0.995; // of the weights lie below the brightest colour, as in overlay.py

export class PixelCanvas {
  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    this.canvas = makeElement("canvas", { "aria-hidden": "true" });
    this.context = contextOf(this.canvas);
    Object.assign(this.canvas, { width, height });
    this.image = this.context.createImageData(width, height);
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    if (this.image.width === width && this.image.height === height) return;
    Object.assign(this.canvas, { width, height });
    this.image = this.context.createImageData(width, height);
  }

  /**
   * Draw one packed colour per pixel, row by row.
   * @param {(index: number) => number} colourOf
   */
  paint(colourOf) {
    const pixels = new Uint32Array(this.image.data.buffer);
    for (let i = 0; i < pixels.length; i += 1) pixels[i] = colourOf(i);
    this.context.putImageData(this.image, 0, 0);
  }
}

/** @param {HTMLCanvasElement} canvas */
export function contextOf(canvas) {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser draws no canvas.");
  return context;
}

/**
 * Pack a colour into one number of an ImageData buffer. All values are 0..255.
 * @param {number} red
 * @param {number} green
 * @param {number} blue
 * @param {number} alpha
 */
export function packColour(red, green, blue, alpha) {
  return new Uint32Array(new Uint8Array([red, green, blue, alpha]).buffer)[0];
}

/**
 * Read 256 packed colours from hexadecimal digits.
 * @param {string} digits six per colour
 * @param {(share: number) => number} opacity of a share of the scale, both 0..1
 */
export function readColours(digits, opacity) {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const channel = (/** @type {number} */ at) => (
      parseInt(digits.slice(6 * i + at, 6 * i + at + 2), 16)
    );
    const alpha = Math.round(255 * opacity(i / 255));
    return packColour(channel(0), channel(2), channel(4), alpha);
  });
}

/**
 * Return a packed colour between two.
 * @param {number} first
 * @param {number} second
 * @param {number} share of the second, 0..1
 */
export function mixColours(first, second, share) {
  const channels = [0, 8, 16, 24].map((shift) => {
    const [from, to] = [(first >>> shift) & 255, (second >>> shift) & 255];
    return Math.round(from + (to - from) * share) * 2 ** shift;
  });
  return channels.reduce((sum, channel) => sum + channel);
}

/**
 * Return the value of the brightest colour in "times uniform", as scale_top does in overlay.py.
 * @param {import("./attention.js").Heatmap} heatmap
 */
export function scaleTop({ patches, count }) {
  const sorted = patches.filter((weight) => !Number.isNaN(weight)).sort();
  const at = SCALE_QUANTILE * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return Math.max(2, count * (low + (high - low) * (at % 1)));
}
