// Statistics of every head over all tokens, and the mean weights that rollout needs.

import { addRow, meanDistance, softmaxRow } from "./attention-math.js";

const SLICE_MS = 6; // of work between two chances for the page to respond
const STEP_MULTIPLICATIONS = 2 ** 19; // in one step: about a millisecond

/** @typedef {import("./attention.js").Attention} Attention */

/**
 * Set `survey` and `means` of an attention, step by step; yield the share that is done.
 * @param {Attention} attention
 * @returns {Generator<number, void>}
 */
export function* surveyHeads(attention) {
  const { blocks, A, T, d, isJoint } = attention;
  const part = attention.withCls;
  const { S, n, queries, keys } = part;
  const means = attention.canRoll ? new Float32Array(blocks.length * S * n * n) : null;
  const heads = blocks.map((block) => Array.from({ length: A }, (_, head) => (
    { block, head, bits: 0, distance: 0 }
  )));
  const [row, distances] = [new Float32Array(n), positionDistances(attention)];
  const step = Math.max(1, Math.floor(STEP_MULTIPLICATIONS / (n * d)));
  const positionOf = Uint32Array.from({ length: n }, (_, token) => (
    token && Math.floor((token - 1) / (isJoint ? T : 1))
  ));
  const rows = blocks.length * S * A * n;
  for (let done = 0; done < rows; done += 1) {
    const [token, head] = [done % n, Math.floor(done / n) % A];
    const [s, i] = [Math.floor(done / (n * A)) % S, Math.floor(done / (n * A * S))];
    const first = attention.offset(part, blocks[i], s, head, 0);
    const bits = softmaxRow(queries, first + token * d, keys, first, d, row);
    const statistics = heads[i][head];
    statistics.bits += bits / (S * n);
    if (token) {
      statistics.distance += meanDistance(row, distances, positionOf, token) / (S * (n - 1));
    }
    if (means) addRow(row, 1 / A, means, ((i * S + s) * n + token) * n);
    if (done % step === 0) yield done / rows;
  }
  if (means) {
    const time = attention.hasTime ? yield* meanTimeWeights(attention) : null;
    attention.means = { space: means, time };
  }
  attention.survey = heads.flat();
}

/**
 * Return the distances (N, N) between positions, in patches.
 * @param {Attention} attention
 */
function positionDistances({ N, w }) {
  const distances = new Float32Array(N * N);
  for (let from = 0; from < N; from += 1) {
    for (let to = 0; to < N; to += 1) {
      const down = Math.floor(from / w) - Math.floor(to / w);
      const across = (from % w) - (to % w);
      distances[from * N + to] = Math.sqrt(down * down + across * across);
    }
  }
  return distances;
}

/**
 * @param {Attention} attention
 * @returns {Generator<number, Float32Array>}
 */
function* meanTimeWeights(attention) {
  const { N, T } = attention;
  const means = new Float32Array(attention.blocks.length * N * T * T);
  for (const block of attention.blocks) {
    for (let position = 0; position < N; position += 1) {
      means.set(attention.timeMatrix(block, "mean", position), (block * N + position) * T * T);
      if (position % 64 === 0) yield 1;
    }
  }
  return means;
}

/**
 * Run steps in slices, so that the page responds between them.
 * @param {Generator<number, void>} steps
 * @param {{isWanted: () => boolean, onProgress: (share: number) => void, onEnd: () => void}} calls
 */
export function runInSlices(steps, { isWanted, onProgress, onEnd }) {
  const runSlice = () => {
    if (!isWanted()) return;
    const end = performance.now() + SLICE_MS;
    let step = steps.next();
    while (!step.done && performance.now() < end) step = steps.next();
    if (step.done) {
      onEnd();
      return;
    }
    onProgress(step.value);
    setTimeout(runSlice);
  };
  setTimeout(runSlice);
}
