// Attention weights of a model, computed from its queries and keys.
// Blocks, heads, frames and positions count from 0; `head` may be "mean". A position is the index
// of a patch in its frame, row by row. T frames, N positions, A heads, n tokens in a sequence,
// d numbers each.

import { addRow, softmaxRow } from "./attention-math.js";
import { rollout } from "./rollout.js";

const MAX_ROLLOUT_WEIGHTS = 2 ** 24; // of all blocks, in memory: 64 MB

/** @typedef {"time" | "space" | "joint"} Kind */
/** @typedef {"space" | "time" | "hops" | "rollout"} View */
/** @typedef {number | "mean"} Head */
/** @typedef {{frame: number, position: number}} Patch */
/** @typedef {Patch & {block: number, head: Head}} Choice */

/**
 * Weights of patches (T * N), NaN where none is read; the weight of the cls token; and the number
 * of patches read, so that weight times count is in "times uniform".
 * @typedef {{patches: Float32Array, cls: number, count: number}} Heatmap
 */

/**
 * Queries and keys of one kind of attention: S sequences of n tokens per block.
 * @typedef {{queries: Float32Array, keys: Float32Array, S: number, n: number}} Part
 */

/**
 * Mean weights of all heads: `space` (L, S, n, n), joint attention included, `time` (L, N, T, T).
 * @typedef {{space: Float32Array, time: Float32Array | null}} MeanWeights
 */

/** @typedef {{block: number, head: number, bits: number, distance: number}} HeadStatistics */

export class Attention {
  /** @param {import("./safetensors.js").TensorFile} file */
  constructor({ metadata, tensors }) {
    this.metadata = metadata;
    this.T = Number(metadata.frames);
    const [h, w] = JSON.parse(metadata.grid);
    this.w = w;
    this.N = h * w;
    /** @type {number[]} */
    this.blocks = JSON.parse(metadata.blocks);
    /** @type {Partial<Record<Kind, Part>>} */
    this.parts = {};
    this.A = 0;
    this.d = 0;
    for (const kind of /** @type {Kind[]} */ (["time", "space", "joint"])) {
      const [queries, keys] = [tensors[`${kind}.queries`], tensors[`${kind}.keys`]];
      if (!queries) continue;
      const [, S, A, n, d] = queries.shape;
      this.parts[kind] = { queries: queries.values, keys: keys.values, S, n };
      Object.assign(this, { A, d });
    }
    /** @type {HeadStatistics[] | null} */
    this.survey = null; // set by `surveyHeads`, as are the means
    /** @type {MeanWeights | null} */
    this.means = null;
  }

  get hasTime() {
    return Boolean(this.parts.time);
  }

  get isJoint() {
    return Boolean(this.parts.joint);
  }

  /** Attention that the cls token takes part in. */
  get withCls() {
    return this.part(this.isJoint ? "joint" : "space");
  }

  /**
   * Return the queries and keys of a kind of attention; raise Error if the model has none.
   * @param {Kind} kind
   */
  part(kind) {
    const part = this.parts[kind];
    if (!part) throw new Error(`This model has no ${kind} attention.`);
    return part;
  }

  /** @param {number} block */
  has(block) {
    return this.blocks.includes(block);
  }

  /**
   * Return the index of a token's first number in queries or keys.
   * @param {Part} part
   * @param {number} block
   * @param {number} sequence
   * @param {number} head
   * @param {number} token
   */
  offset({ S, n }, block, sequence, head, token) {
    const number = this.blocks.indexOf(block) * S + sequence;
    return ((number * this.A + head) * n + token) * this.d;
  }

  /**
   * Return the attention weights (n) of one token of a sequence.
   * @param {Kind} kind
   * @param {number} block
   * @param {Head} head
   * @param {number} sequence
   * @param {number} token
   */
  row(kind, block, head, sequence, token) {
    const part = this.part(kind);
    const weights = new Float32Array(part.n);
    const mean = new Float32Array(part.n);
    const heads = head === "mean" ? [...Array(this.A).keys()] : [head];
    for (const number of heads) {
      const query = this.offset(part, block, sequence, number, token);
      const firstKey = this.offset(part, block, sequence, number, 0);
      softmaxRow(part.queries, query, part.keys, firstKey, this.d, weights);
      if (heads.length === 1) return weights;
      addRow(weights, 1 / this.A, mean, 0);
    }
    return mean;
  }

  /**
   * Return the (T, T) weights of time attention at a position; rows are the frames that attend.
   * @param {number} block
   * @param {Head} head
   * @param {number} position
   */
  timeMatrix(block, head, position) {
    const weights = new Float32Array(this.T ** 2);
    for (let frame = 0; frame < this.T; frame += 1) {
      weights.set(this.row("time", block, head, position, frame), frame * this.T);
    }
    return weights;
  }

  /**
   * Return a patch's query and the keys it meets: in time attention if the model has it.
   * @param {Choice & {head: number}} choice
   * @returns {{kind: Kind, query: Float32Array, keys: Float32Array[]}}
   */
  queryAndKeys({ block, head, frame, position }) {
    const kind = this.hasTime ? "time" : this.isJoint ? "joint" : "space";
    const part = this.part(kind);
    const [sequence, token] = {
      time: [position, frame],
      space: [frame, 1 + position],
      joint: [0, 1 + position * this.T + frame],
    }[kind];
    const vector = (/** @type {Float32Array} */ values, /** @type {number} */ of) => {
      const first = this.offset(part, block, sequence, head, of);
      return values.subarray(first, first + this.d);
    };
    const keys = Array.from({ length: part.n }, (_, of) => vector(part.keys, of));
    return { kind, query: vector(part.queries, token), keys };
  }

  /**
   * Return what a patch attends to in a view.
   * @param {View} view
   * @param {Choice} choice
   * @returns {Heatmap}
   */
  heatmap(view, { block, head, frame, position }) {
    if (view === "space") return this.spaceHeatmap(block, head, frame, position);
    if (view === "time") return this.timeHeatmap(block, head, frame, position);
    if (view === "hops") return this.blockHeatmap(block, head, frame, position);
    return rollout(this, { frame, position });
  }

  /**
   * @param {number} block
   * @param {Head} head
   * @param {number} frame
   * @param {number} position
   */
  spaceHeatmap(block, head, frame, position) {
    const row = this.row("space", block, head, frame, 1 + position);
    const patches = new Float32Array(this.T * this.N).fill(NaN);
    patches.set(row.subarray(1), frame * this.N);
    return { patches, cls: row[0], count: this.N };
  }

  /**
   * @param {number} block
   * @param {Head} head
   * @param {number} frame
   * @param {number} position
   */
  timeHeatmap(block, head, frame, position) {
    const row = this.row("time", block, head, position, frame);
    const patches = new Float32Array(this.T * this.N).fill(NaN);
    row.forEach((weight, t) => { patches[t * this.N + position] = weight; });
    return { patches, cls: 0, count: this.T };
  }

  /**
   * Return the weights through a whole block. Time attention comes first in a block, so space
   * attention reads patches that already hold what they read in other frames.
   * @param {number} block
   * @param {Head} head
   * @param {number} frame
   * @param {number} position
   */
  blockHeatmap(block, head, frame, position) {
    const { T, N } = this;
    if (!this.isJoint && !this.hasTime) return this.spaceHeatmap(block, head, frame, position);
    const patches = new Float32Array(T * N);
    const heatmap = (/** @type {Float32Array} */ row) => ({ patches, cls: row[0], count: N * T });
    if (this.isJoint) {
      const row = this.row("joint", block, head, 0, 1 + position * T + frame);
      for (let i = 0; i < N * T; i += 1) patches[(i % T) * N + Math.floor(i / T)] = row[1 + i];
      return heatmap(row);
    }
    const space = this.row("space", block, head, frame, 1 + position);
    for (let p = 0; p < N; p += 1) {
      const time = this.row("time", block, head, p, frame);
      for (let t = 0; t < T; t += 1) patches[t * N + p] = space[1 + p] * time[t];
    }
    return heatmap(space);
  }

  /** True if rollout is possible: all blocks are here and their mean weights fit in memory. */
  get canRoll() {
    const { S, n } = this.withCls;
    const hasAll = this.blocks.every((block, i) => block === i)
      && this.blocks.length === Number(this.metadata.num_blocks);
    return hasAll && this.blocks.length * S * n * n <= MAX_ROLLOUT_WEIGHTS;
  }
}
