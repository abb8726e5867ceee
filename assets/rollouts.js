// What the patches of one frame draw through all blocks, as a large model's server worked it out.
// Frames and places are counted from 0 here.

class Rollouts {
  constructor({ about, tensors }) {
    this.frame = Number(about.frame);
    this.patches = tensors.patches.numbers; // places, frames, places; in times uniform
    this.cls = tensors.cls.numbers;
    this.count = this.patches.length / this.cls.length;
  }

  // Weights of patches and of cls, and of how many patches.
  map(place) {
    const { count } = this;
    const times = this.patches.subarray(place * count, (place + 1) * count);
    return { patches: times.map((one) => one / count), cls: this.cls[place], count };
  }
}
