// The visitor's mask of patches, for another run of the model without these patches.

import { catalogSection, fillTemplate } from "./i18n.js";

export class MaskEditor {
  /**
   * @param {import("./explorer-layout.js").ExplorerLayout} layout
   * @param {{T: number, N: number, w: number}} shape
   */
  constructor(layout, { T, N, w }) {
    this.layout = layout;
    this.N = N;
    this.w = w;
    this.masked = new Uint8Array(T * N);
    this.isActive = false;
    /** @type {boolean | null} */
    this.stroke = null; // true while the pressed pointer masks, false while it unmasks
    /** @type {number | null} */
    this.hatchedFrame = null; // frame whose mask the large picture shows
  }

  /** Switch masking on or off. */
  toggle() {
    this.isActive = !this.isActive;
    this.describe();
  }

  /**
   * Mask or unmask patches.
   * @param {number[]} patches indices frame * N + position
   * @param {boolean} isMasked
   */
  set(patches, isMasked) {
    for (const patch of patches) this.masked[patch] = Number(isMasked);
    for (const frame of new Set(patches.map((patch) => Math.floor(patch / this.N)))) {
      this.layout.small[frame].hatch(this.ofFrame(frame));
      this.layout.figures[frame].box.checked = this.ofFrame(frame).every(Boolean);
    }
    this.hatchedFrame = null;
    this.describe();
  }

  /**
   * @param {number} frame
   * @param {boolean} isMasked
   */
  setFrame(frame, isMasked) {
    this.set(Array.from({ length: this.N }, (_, position) => frame * this.N + position), isMasked);
  }

  clear() {
    this.set([...this.masked.keys()], false);
  }

  /** @param {number} patch */
  flip(patch) {
    this.set([patch], !this.masked[patch]);
  }

  /**
   * Start a stroke at a patch: all its patches become what this one becomes.
   * @param {number} patch
   */
  startStroke(patch) {
    this.stroke = !this.masked[patch];
    this.set([patch], this.stroke);
  }

  /** @param {number} patch */
  continueStroke(patch) {
    if (this.stroke !== null) this.set([patch], this.stroke);
  }

  /** End a stroke; return true if there was one. */
  endStroke() {
    const hadStroke = this.stroke !== null;
    this.stroke = null;
    return hadStroke;
  }

  /** @param {number} frame */
  ofFrame(frame) {
    return this.masked.subarray(frame * this.N, (frame + 1) * this.N);
  }

  /**
   * Hatch the masked patches of a frame in the large picture.
   * @param {number} frame
   */
  hatchLarge(frame) {
    if (this.hatchedFrame === frame) return;
    this.hatchedFrame = frame;
    this.layout.large.hatch(this.ofFrame(frame));
  }

  /** Return the masked patches as [frame, row, column], from 1. */
  list() {
    const patches = [...this.masked.keys()].filter((i) => this.masked[i]);
    return patches.map((i) => [Math.floor(i / this.N) + 1, Math.floor(i % this.N / this.w) + 1,
      i % this.w + 1]);
  }

  describe() {
    const words = catalogSection("explorer");
    const count = this.masked.reduce((sum, isMasked) => sum + isMasked, 0);
    this.layout.maskNote.textContent = count ? fillTemplate(words.masked, { count })
      : this.isActive ? words.mask_lead : "";
  }
}
