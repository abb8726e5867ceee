// Dot products, softmax, entropy and distance: the inner loops of the explorer.

/**
 * Return the dot product of d numbers. Four sums at once are a third faster than one.
 * @param {Float32Array} a
 * @param {number} i first index in a
 * @param {Float32Array} b
 * @param {number} j first index in b
 * @param {number} d
 */
function dot(a, i, b, j, d) {
  let at = 0;
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (; at + 3 < d; at += 4) {
    sum0 += a[i + at] * b[j + at];
    sum1 += a[i + at + 1] * b[j + at + 1];
    sum2 += a[i + at + 2] * b[j + at + 2];
    sum3 += a[i + at + 3] * b[j + at + 3];
  }
  for (; at < d; at += 1) sum0 += a[i + at] * b[j + at];
  return sum0 + sum1 + sum2 + sum3;
}

/**
 * Write softmax(q k^T / sqrt(d)) of one query and all keys to `row`; return its entropy in bits.
 * @param {Float32Array} queries
 * @param {number} query index of the query's first number
 * @param {Float32Array} keys
 * @param {number} firstKey index of the first key's first number
 * @param {number} d
 * @param {Float32Array} row one weight per key
 */
export function softmaxRow(queries, query, keys, firstKey, d, row) {
  const scale = 1 / Math.sqrt(d);
  let max = -Infinity;
  for (let token = 0; token < row.length; token += 1) {
    row[token] = dot(queries, query, keys, firstKey + token * d, d) * scale;
    if (row[token] > max) max = row[token];
  }
  let total = 0;
  let drop = 0;
  for (let token = 0; token < row.length; token += 1) {
    const score = row[token] - max;
    const weight = Math.exp(score);
    row[token] = weight;
    total += weight;
    drop += weight * score;
  }
  for (let token = 0; token < row.length; token += 1) row[token] /= total;
  return (Math.log(total) - drop / total) / Math.LN2;
}

/**
 * Add a row, times a factor, to sums in place.
 * @param {Float32Array} row
 * @param {number} factor
 * @param {Float32Array} sums
 * @param {number} first index of the first sum
 */
export function addRow(row, factor, sums, first) {
  for (let i = 0; i < row.length; i += 1) sums[first + i] += factor * row[i];
}

/**
 * Return the mean distance, in patches, between a patch and the patches it attends to.
 * @param {Float32Array} row weights of all tokens; token 0 is the cls token, which has no position
 * @param {Float32Array} distances (N, N) between positions
 * @param {Uint32Array} positionOf position of each token
 * @param {number} token
 */
export function meanDistance(row, distances, positionOf, token) {
  const first = positionOf[token] * Math.sqrt(distances.length);
  let sum = 0;
  let total = 0;
  for (let key = 1; key < row.length; key += 1) {
    sum += row[key] * distances[first + positionOf[key]];
    total += row[key];
  }
  return total && sum / total; // total is 0 if the cls token has all the weight
}

/**
 * Return the entropy of weights in bits. NaN counts as 0.
 * @param {Float32Array} weights
 * @param {number} [cls] weight of the cls token
 */
export function entropyBits(weights, cls = 0) {
  let bits = cls > 0 ? -cls * Math.log2(cls) : 0;
  for (const weight of weights) if (weight > 0) bits -= weight * Math.log2(weight);
  return bits;
}

/**
 * Return the index of the largest weight. NaN is skipped.
 * @param {Float32Array} weights
 */
export function argmax(weights) {
  let max = 0;
  while (Number.isNaN(weights[max])) max += 1;
  for (let i = max; i < weights.length; i += 1) if (weights[i] > weights[max]) max = i;
  return max;
}
