// The attention that the explorer has so far: queries and keys of all blocks or of one, and the
// rollout of one frame where the browser cannot compute it.

import { Attention } from "./attention.js";
import { FetchedRollout } from "./fetched-rollout.js";
import { readSafetensors } from "./safetensors.js";

/** @typedef {import("./attention.js").Choice} Choice */
/** @typedef {import("./attention.js").View} View */
/** @typedef {"block" | "frame"} Part part of a large model's attention that comes on request */

/**
 * @typedef {object} ExplorerData
 * @property {string[]} frames as data URLs
 * @property {[number, number]} size width and height of a frame in pixels
 * @property {number[]} times in seconds
 * @property {[number, number]} grid
 * @property {"divided_space_time" | "joint_space_time" | "space_only"} scheme
 * @property {number} blocks
 * @property {number} heads
 * @property {boolean} whole true if all blocks come at once
 * @property {Partial<Record<Part, number>>} megabytes of the parts that come on request
 * @property {string} model
 * @property {string} clip
 * @property {string} colours hexadecimal digits
 */

export class AttentionSource {
  /**
   * @param {ExplorerData} data
   * @param {{canFetchRollout: boolean}} options
   */
  constructor(data, { canFetchRollout }) {
    this.data = data;
    this.canFetchRollout = canFetchRollout;
    /** @type {Attention | null} */
    this.attention = null;
    /** @type {FetchedRollout | null} */
    this.fetchedRollout = null;
  }

  /**
   * Take a safetensors file; return false if it belongs to another clip or model.
   * @param {ArrayBuffer} buffer
   */
  give(buffer) {
    const file = readSafetensors(buffer);
    const { clip, model, frame } = file.metadata;
    if (clip !== this.data.clip || model !== this.data.model) return false;
    if (frame) this.fetchedRollout = new FetchedRollout(file);
    else this.attention = new Attention(file);
    return true;
  }

  /** The views that this model has. */
  get views() {
    const { scheme } = this.data;
    /** @type {View[]} */
    const views = scheme === "joint_space_time" ? ["hops"]
      : scheme === "space_only" ? ["space"] : ["space", "time", "hops"];
    return this.rollsHere || this.canFetchRollout
      ? [...views, /** @type {View} */ ("rollout")] : views;
  }

  /** True if the browser computes rollout. */
  get rollsHere() {
    return this.data.whole && (!this.attention || this.attention.canRoll);
  }

  /**
   * Return true if a view of a block needs no more queries and keys.
   * @param {View} view
   * @param {number} block
   */
  hasBlock(view, block) {
    return view === "rollout" || this.data.whole || Boolean(this.attention?.has(block));
  }

  /**
   * Return true if a view of a frame needs no more rollout.
   * @param {View} view
   * @param {number} frame
   */
  hasFrame(view, frame) {
    return view !== "rollout" || this.rollsHere || this.fetchedRollout?.frame === frame;
  }

  /**
   * Return the heatmap of a view, or null until its numbers are here.
   * @param {View} view
   * @param {Choice} choice
   */
  heatmap(view, choice) {
    const { attention, fetchedRollout } = this;
    if (view === "rollout" && !this.rollsHere) {
      const isHere = fetchedRollout?.frame === choice.frame;
      return isHere ? fetchedRollout.heatmap(choice.position) : null;
    }
    const isHere = view === "rollout" ? attention?.means : attention?.has(choice.block);
    return attention && isHere ? attention.heatmap(view, choice) : null;
  }
}
