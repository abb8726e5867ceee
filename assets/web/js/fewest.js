// The film of the fewest patches: the hottest of a clip alone, with a slider over their number.

import { contextOf } from "./pixel-canvas.js";
import { getElement, getElements, getInputs, makeElement, onPageChange } from "./dom.js";

const FRAME_MS = 180;
const BLUR_PIXELS = 4; // a side of a masked frame, as in perturb.py

/** @typedef {{count: number, text: string}} Step */

class Film {
  /** @param {HTMLElement} element */
  constructor(element) {
    const { ranks = "", grid = "", steps = "[]" } = element.dataset;
    const bytes = Uint8Array.from(atob(ranks), (letter) => letter.charCodeAt(0));
    this.ranks = new Uint32Array(bytes.buffer);
    const [h, w] = grid.split(",").map(Number);
    this.h = h;
    this.w = w;
    /** @type {Step[]} */
    this.steps = JSON.parse(steps);
    this.element = element;
    this.slider = getInputs("input", element)[0];
    this.images = [...element.getElementsByTagName("img")];
    this.canvas = /** @type {HTMLCanvasElement} */ (getElement("canvas", element));
    this.pictures = this.images.map((image) => {
      const canvas = makeElement("canvas", { "aria-hidden": "true" });
      image.replaceWith(canvas);
      return canvas;
    });
    this.frame = 0;
    this.isPlaying = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** Draw all frames with the patches that the slider shows. */
  async draw() {
    await Promise.all(this.images.map((image) => image.decode()));
    const { count, text } = this.steps[Number(this.slider.value)];
    getElement("output", this.element).textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
    for (const [number, canvas] of this.pictures.entries()) {
      this.drawFrame(canvas, number, count);
    }
    this.showFrame(this.frame);
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} number of the frame
   * @param {number} count of the patches that are shown
   */
  drawFrame(canvas, number, count) {
    const image = this.images[number];
    const { naturalWidth: width, naturalHeight: height } = image;
    Object.assign(canvas, { width, height });
    const context = contextOf(canvas);
    const small = makeElement("canvas", { width: BLUR_PIXELS, height: BLUR_PIXELS });
    contextOf(small).drawImage(image, 0, 0, BLUR_PIXELS, BLUR_PIXELS);
    context.drawImage(small, 0, 0, width, height);
    const [patchWidth, patchHeight] = [width / this.w, height / this.h];
    const first = number * this.h * this.w;
    const shown = new Path2D();
    for (let position = 0; position < this.h * this.w; position += 1) {
      if (this.ranks[first + position] >= count) continue;
      const [row, column] = [Math.floor(position / this.w), position % this.w];
      shown.rect(column * patchWidth, row * patchHeight, patchWidth, patchHeight);
    }
    context.save();
    context.clip(shown);
    context.drawImage(image, 0, 0, width, height);
    context.restore();
  }

  /** @param {number} number */
  showFrame(number) {
    const picture = this.pictures[number];
    Object.assign(this.canvas, { width: picture.width, height: picture.height });
    contextOf(this.canvas).drawImage(picture, 0, 0);
  }

  /** Show one frame after another, as long as the film is on the page. */
  play() {
    const timer = setInterval(() => {
      if (!this.element.isConnected) {
        clearInterval(timer);
        return;
      }
      if (!this.isPlaying) return;
      this.frame = (this.frame + 1) % this.pictures.length;
      this.showFrame(this.frame);
    }, FRAME_MS);
  }
}

/** Bring every film to life as it comes. */
export function startFewest() {
  onPageChange(() => {
    for (const element of getElements(".fewest:not(.ready)")) {
      element.classList.add("ready");
      const film = new Film(element);
      film.slider.addEventListener("input", () => film.draw());
      getElement("button", element).addEventListener("click", () => {
        film.isPlaying = !film.isPlaying;
      });
      film.draw().then(() => film.play());
    }
  });
}
