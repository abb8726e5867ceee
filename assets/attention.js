// What a model attended to, from its queries and keys: the mathematics alone.
// Blocks, heads, frames and places are counted from 0 here; `head` may be "mean". Places run
// through the rows of a frame; weights of patches are (frames, places), NaN where nothing was read.

const MOST_MEANS = 2 ** 24; // numbers of the matrices of all blocks that are held: 64 MB
const ROWS_AT_ONCE = 2 ** 19; // multiplications in one step of a survey: about a millisecond

function readSafetensors(buffer) {
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const { __metadata__: about, ...entries } = header;
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets: [begin, end] }] of Object.entries(entries)) {
    if (dtype !== "F16") throw new TypeError(`${name} is ${dtype}, not F16`);
    const halves = new Uint16Array(buffer, 8 + length + begin, (end - begin) / 2);
    tensors[name] = { shape, numbers: fromHalves(halves) };
  }
  return { about, tensors };
}

// Float16 to Float32 by a table of all 65536, which is as quick as browsers that know Float16Array.
function fromHalves(halves) {
  const table = fromHalves.table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
    const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    return sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
  const numbers = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i += 1) numbers[i] = table[halves[i]];
  return numbers;
}

// The product of d numbers of each: four sums at once are a third quicker than one.
function dot(one, i, other, j, d) {
  let at = 0;
  let a = 0;
  let b = 0;
  let c = 0;
  let e = 0;
  for (; at + 3 < d; at += 4) {
    a += one[i + at] * other[j + at];
    b += one[i + at + 1] * other[j + at + 1];
    c += one[i + at + 2] * other[j + at + 2];
    e += one[i + at + 3] * other[j + at + 3];
  }
  for (; at < d; at += 1) a += one[i + at] * other[j + at];
  return a + b + c + e;
}

// Writes softmax(q k^T / sqrt(d)) of one query and n keys to `out`; gives its entropy in bits.
function softmaxRow(queries, query, keys, firstKey, n, d, out) {
  const scale = 1 / Math.sqrt(d);
  let most = -Infinity;
  for (let token = 0; token < n; token += 1) {
    out[token] = dot(queries, query, keys, firstKey + token * d, d) * scale;
    if (out[token] > most) most = out[token];
  }
  let total = 0;
  let drop = 0;
  for (let token = 0; token < n; token += 1) {
    const score = out[token] - most;
    const weight = Math.exp(score);
    out[token] = weight;
    total += weight;
    drop += weight * score;
  }
  for (let token = 0; token < n; token += 1) out[token] /= total;
  return (Math.log(total) - drop / total) / Math.LN2;
}

// Adds a row, times a share, to as many sums.
function addRow(row, share, sums, first) {
  for (let i = 0; i < row.length; i += 1) sums[first + i] += share * row[i];
}

// How far from a token the patches are that it reads, in the mean; token 0, cls, is nowhere.
function distanceOf(row, between, placeOf, token) {
  const near = placeOf[token] * Math.sqrt(between.length);
  let sum = 0;
  let total = 0;
  for (let key = 1; key < row.length; key += 1) {
    sum += row[key] * between[near + placeOf[key]];
    total += row[key];
  }
  return total && sum / total; // 1 less what cls got can be 0 where their sum is not
}

// The entropy in bits of weights, as they are; NaN is left out.
function bitsOf(weights, cls = 0) {
  let bits = cls > 0 ? -cls * Math.log2(cls) : 0;
  for (const weight of weights) if (weight > 0) bits -= weight * Math.log2(weight);
  return bits;
}

class Attention {
  constructor({ about, tensors }) {
    this.about = about;
    this.scheme = about.scheme;
    this.T = Number(about.frames);
    [this.h, this.w] = JSON.parse(about.grid);
    this.N = this.h * this.w;
    this.blocks = JSON.parse(about.blocks);
    for (const kind of ["time", "space", "joint"]) {
      if (!tensors[`${kind}.queries`]) continue;
      const [, S, A, n, d] = tensors[`${kind}.queries`].shape;
      const [queries, keys] = ["queries", "keys"].map((what) => tensors[`${kind}.${what}`].numbers);
      this[kind] = { queries, keys, S, n };
      Object.assign(this, { A, d });
    }
    this.whole = this.space ?? this.joint; // the attention that the cls token takes part in
    this.survey = null; // entropy and distance of every head, once worked out
    this.means = null; // matrices of all blocks with their heads made one, for rollout
  }

  has(block) {
    return this.blocks.includes(block);
  }

  at(part, block, sequence, head, token) {
    const number = this.blocks.indexOf(block) * part.S + sequence;
    return ((number * this.A + head) * part.n + token) * this.d;
  }

  // Weights (n) of one token of a sequence of "time", "space" or "joint" attention.
  row(kind, block, head, sequence, token) {
    const part = this[kind];
    const [out, sum] = [new Float32Array(part.n), new Float32Array(part.n)];
    const heads = head === "mean" ? [...Array(this.A).keys()] : [head];
    for (const one of heads) {
      const [query, key] = [token, 0].map((of) => this.at(part, block, sequence, one, of));
      softmaxRow(part.queries, query, part.keys, key, part.n, this.d, out);
      if (heads.length === 1) return out;
      addRow(out, 1 / this.A, sum, 0);
    }
    return sum;
  }

  // The T x T weights of time attention at a place: rows are the frames that read.
  matrix(block, head, place) {
    const weights = new Float32Array(this.T ** 2);
    for (let frame = 0; frame < this.T; frame += 1) {
      weights.set(this.row("time", block, head, place, frame), frame * this.T);
    }
    return weights;
  }

  // The query and the keys behind a row: of time attention, or else of that of the cls token.
  numbers({ block, head, frame, place }) {
    const kind = this.time ? "time" : this.space ? "space" : "joint";
    const [sequence, token] = {
      time: [place, frame], space: [frame, 1 + place], joint: [0, 1 + place * this.T + frame],
    }[kind];
    const one = head === "mean" ? 0 : head;
    const taken = (numbers, of) => {
      const first = this.at(this[kind], block, sequence, one, of);
      return numbers.subarray(first, first + this.d);
    };
    const keys = Array.from({ length: this[kind].n }, (_, of) => taken(this[kind].keys, of));
    return { kind, query: taken(this[kind].queries, token), keys };
  }

  // What a patch draws in a view: weights of patches and of cls, and of how many patches.
  map(view, { block, head, frame, place }) {
    if (view === "space") return this.ownFrame(block, head, frame, 1 + place);
    if (view === "time") return this.ownPlace(block, head, frame, place);
    if (view === "hops") return this.twoHops(block, head, frame, place);
    return this.rollout(frame, place);
  }

  // Space attention of a token of a frame: cls is token 0.
  ownFrame(block, head, frame, token) {
    const row = this.row("space", block, head, frame, token);
    const patches = new Float32Array(this.T * this.N).fill(NaN);
    patches.set(row.subarray(1), frame * this.N);
    return { patches, cls: row[0], count: this.N };
  }

  ownPlace(block, head, frame, place) {
    const row = this.row("time", block, head, place, frame);
    const patches = new Float32Array(this.T * this.N).fill(NaN);
    row.forEach((weight, t) => { patches[t * this.N + place] = weight; });
    return { patches, cls: 0, count: this.T };
  }

  // Through a whole block: from space to patches that each drew through time, which comes first.
  twoHops(block, head, frame, place) {
    const { T, N } = this;
    const patches = new Float32Array(T * N);
    if (this.joint) {
      const row = this.row("joint", block, head, 0, 1 + place * T + frame);
      for (let i = 0; i < N * T; i += 1) patches[(i % T) * N + Math.floor(i / T)] = row[1 + i];
      return { patches, cls: row[0], count: N * T };
    }
    if (!this.time) return this.ownFrame(block, head, frame, 1 + place);
    const space = this.row("space", block, head, frame, 1 + place);
    for (let p = 0; p < N; p += 1) {
      const time = this.row("time", block, head, p, frame);
      for (let t = 0; t < T; t += 1) patches[t * N + p] = space[1 + p] * time[t];
    }
    return { patches, cls: space[0], count: N * T };
  }

  // Whether rollout can be had: all blocks are here, and their matrices are not too large.
  get canRoll() {
    const { S, n } = this.whole;
    const all = this.blocks.every((block, i) => block === i)
      && this.blocks.length === Number(this.about.num_blocks);
    return all && this.blocks.length * S * n * n <= MOST_MEANS;
  }

  // Entropy and distance of every head over all rows, and the matrices for rollout, step by step:
  // yields the part that is done.
  * surveying() {
    const { blocks, A, T, whole: { S, n, queries, keys } } = this;
    const means = this.canRoll ? new Float32Array(blocks.length * S * n * n) : null;
    const heads = blocks.map((block) => Array.from({ length: A }, (_, head) => (
      { block, head, bits: 0, distance: 0 }
    )));
    const [row, between] = [new Float32Array(n), this.distances()];
    const step = Math.max(1, Math.floor(ROWS_AT_ONCE / (n * this.d)));
    const placeOf = Uint32Array.from({ length: n }, (_, token) => (
      token && Math.floor((token - 1) / (this.joint ? T : 1))
    ));
    const rows = blocks.length * S * A * n;
    for (let done = 0; done < rows; done += 1) {
      const [token, head] = [done % n, Math.floor(done / n) % A];
      const [s, i] = [Math.floor(done / (n * A)) % S, Math.floor(done / (n * A * S))];
      const first = this.at(this.whole, blocks[i], s, head, 0);
      const bits = softmaxRow(queries, first + token * this.d, keys, first, n, this.d, row);
      const found = heads[i][head];
      found.bits += bits / (S * n);
      if (token) found.distance += distanceOf(row, between, placeOf, token) / (S * (n - 1));
      if (means) addRow(row, 1 / A, means, ((i * S + s) * n + token) * n);
      if (done % step === 0) yield done / rows;
    }
    if (means) this.means = { whole: means, time: this.time ? yield* this.timeMeans() : null };
    this.survey = heads.flat();
  }

  // How far places are from each other, in patches.
  distances() {
    const { N, w } = this;
    const between = new Float32Array(N * N);
    for (let from = 0; from < N; from += 1) {
      for (let to = 0; to < N; to += 1) {
        const down = Math.floor(from / w) - Math.floor(to / w);
        const across = (from % w) - (to % w);
        between[from * N + to] = Math.sqrt(down * down + across * across);
      }
    }
    return between;
  }

  * timeMeans() {
    const { N, T } = this;
    const means = new Float32Array(this.blocks.length * N * T * T);
    for (const block of this.blocks) {
      for (let place = 0; place < N; place += 1) {
        means.set(this.matrix(block, "mean", place), (block * N + place) * T * T);
        if (place % 64 === 0) yield 1;
      }
    }
    return means;
  }

  // Attention rollout from a patch after the last block back to what went in (Abnar and Zuidema,
  // 2020): in each block half stays, and half goes through attention, over space and then time.
  rollout(frame, place) {
    const { T, N } = this;
    let patches = new Float32Array(T * N);
    let cls = new Float32Array(this.scheme === "space_only" ? T : 1);
    patches[frame * N + place] = 1;
    for (let block = this.blocks.length - 1; block >= 0; block -= 1) {
      [patches, cls] = this.joint ? this.backInJoint(block, patches, cls)
        : this.backInSpace(block, patches, cls);
      if (this.time) patches = this.backInTime(block, patches);
    }
    return { patches, cls: cls.reduce((sum, share) => sum + share, 0), count: N * T };
  }

  backInSpace(block, patches, cls) {
    const { T, N, means: { whole } } = this;
    const [after, shared] = [patches.map((share) => share / 2), cls.length === 1];
    const afterCls = cls.map((share) => share / 2);
    for (let t = 0; t < T; t += 1) {
      for (let token = 0; token <= N; token += 1) {
        const own = token ? patches[t * N + token - 1] : shared ? cls[0] / T : cls[t];
        if (own === 0) continue;
        const line = ((block * T + t) * (1 + N) + token) * (1 + N);
        afterCls[shared ? 0 : t] += own / 2 * whole[line];
        for (let p = 0; p < N; p += 1) after[t * N + p] += own / 2 * whole[line + 1 + p];
      }
    }
    return [after, afterCls];
  }

  backInJoint(block, patches, cls) {
    const { T, N, means: { whole } } = this;
    const n = 1 + N * T;
    const [row, after] = [new Float32Array(n), new Float32Array(n)];
    row[0] = cls[0];
    for (let i = 0; i < N * T; i += 1) row[1 + i] = patches[(i % T) * N + Math.floor(i / T)];
    for (let token = 0; token < n; token += 1) {
      const [own, line] = [row[token] / 2, (block * n + token) * n];
      if (own === 0) continue;
      after[token] += own;
      for (let key = 0; key < n; key += 1) after[key] += own * whole[line + key];
    }
    const found = new Float32Array(T * N);
    for (let i = 0; i < N * T; i += 1) found[(i % T) * N + Math.floor(i / T)] = after[1 + i];
    return [found, after.subarray(0, 1)];
  }

  backInTime(block, patches) {
    const { T, N, means: { time } } = this;
    const after = patches.map((share) => share / 2);
    for (let t = 0; t < T; t += 1) {
      for (let p = 0; p < N; p += 1) {
        const [own, line] = [patches[t * N + p] / 2, ((block * N + p) * T + t) * T];
        for (let read = 0; read < T; read += 1) after[read * N + p] += own * time[line + read];
      }
    }
    return after;
  }
}
