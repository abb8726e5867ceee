// Attention rollout from a patch of the last block back to the input (Abnar and Zuidema, 2020).
// In each block half stays, and half goes through attention: over space, then over time.

/** @typedef {import("./attention.js").Attention} Attention */
/** @typedef {{patches: Float32Array, cls: Float32Array}} Flow */

/**
 * Return the contribution of each patch of the input to a patch after the last block.
 * @param {Attention} attention
 * @param {import("./attention.js").Patch} patch
 * @returns {import("./attention.js").Heatmap}
 */
export function rollout(attention, { frame, position }) {
  const { T, N, metadata, isJoint } = attention;
  /** @type {Flow} */
  let flow = {
    patches: new Float32Array(T * N),
    cls: new Float32Array(metadata.scheme === "space_only" ? T : 1), // one per frame, or shared
  };
  flow.patches[frame * N + position] = 1;
  for (let block = attention.blocks.length - 1; block >= 0; block -= 1) {
    flow = isJoint ? throughJoint(attention, block, flow) : throughSpace(attention, block, flow);
    if (attention.hasTime) flow.patches = throughTime(attention, block, flow.patches);
  }
  const cls = flow.cls.reduce((sum, share) => sum + share, 0);
  return { patches: flow.patches, cls, count: N * T };
}

/** @param {Attention} attention */
function meansOf({ means }) {
  if (!means) throw new Error("Rollout needs the mean weights of all heads.");
  return means;
}

/**
 * @param {Attention} attention
 * @param {number} block
 * @param {Flow} flow
 */
function throughSpace(attention, block, { patches, cls }) {
  const { T, N } = attention;
  const { space } = meansOf(attention);
  const isShared = cls.length === 1;
  const after = { patches: patches.map((share) => share / 2), cls: cls.map((share) => share / 2) };
  for (let t = 0; t < T; t += 1) {
    for (let token = 0; token <= N; token += 1) {
      const share = token ? patches[t * N + token - 1] : isShared ? cls[0] / T : cls[t];
      if (share === 0) continue;
      const row = ((block * T + t) * (1 + N) + token) * (1 + N);
      after.cls[isShared ? 0 : t] += share / 2 * space[row];
      for (let p = 0; p < N; p += 1) after.patches[t * N + p] += share / 2 * space[row + 1 + p];
    }
  }
  return after;
}

/**
 * @param {Attention} attention
 * @param {number} block
 * @param {Flow} flow
 */
function throughJoint(attention, block, { patches, cls }) {
  const { T, N } = attention;
  const { space } = meansOf(attention);
  const n = 1 + N * T;
  const [before, after] = [new Float32Array(n), new Float32Array(n)];
  before[0] = cls[0];
  for (let i = 0; i < N * T; i += 1) before[1 + i] = patches[(i % T) * N + Math.floor(i / T)];
  for (let token = 0; token < n; token += 1) {
    const [half, row] = [before[token] / 2, (block * n + token) * n];
    if (half === 0) continue;
    after[token] += half;
    for (let key = 0; key < n; key += 1) after[key] += half * space[row + key];
  }
  const reordered = new Float32Array(T * N);
  for (let i = 0; i < N * T; i += 1) reordered[(i % T) * N + Math.floor(i / T)] = after[1 + i];
  return { patches: reordered, cls: after.subarray(0, 1) };
}

/**
 * @param {Attention} attention
 * @param {number} block
 * @param {Float32Array} patches
 */
function throughTime(attention, block, patches) {
  const { T, N } = attention;
  const { time } = meansOf(attention);
  const after = patches.map((share) => share / 2);
  if (!time) return after;
  for (let t = 0; t < T; t += 1) {
    for (let p = 0; p < N; p += 1) {
      const half = patches[t * N + p] / 2;
      const row = ((block * N + p) * T + t) * T;
      for (let key = 0; key < T; key += 1) after[key * N + p] += half * time[row + key];
    }
  }
  return after;
}
