// Rollout of all patches of one frame, computed on the server. Large models need it, because the
// browser cannot hold the queries and keys of all their blocks.

export class FetchedRollout {
  /** @param {import("./safetensors.js").TensorFile} file */
  constructor({ metadata, tensors }) {
    this.frame = Number(metadata.frame);
    this.patches = tensors.patches.values; // (N, T * N) in "times uniform"
    this.cls = tensors.cls.values; // (N)
    this.count = this.patches.length / this.cls.length;
  }

  /**
   * Return the contribution of each patch of the input to a patch of this frame.
   * @param {number} position
   * @returns {import("./attention.js").Heatmap}
   */
  heatmap(position) {
    const { count } = this;
    const timesUniform = this.patches.subarray(position * count, (position + 1) * count);
    return { patches: timesUniform.map((times) => times / count), cls: this.cls[position], count };
  }
}
