// What the explorer shows, in sentences.

import { entropyBits } from "./attention-math.js";
import { fillTemplate, formatNumber, formatPercent } from "./i18n.js";

/** @typedef {import("./attention.js").Choice} Choice */
/** @typedef {import("./attention.js").Heatmap} Heatmap */
/** @typedef {import("./attention.js").View} View */

/**
 * Return frame, row and column of a patch, from 1.
 * @param {import("./attention.js").Patch} patch
 * @param {number} w
 */
export function positionOf({ frame, place }, w) {
  return { frame: frame + 1, row: Math.floor(place / w) + 1, column: place % w + 1 };
}

/**
 * Describe a heatmap: the view, the strongest patch, the cls token's share and the entropy.
 * @param {Record<string, any>} words
 * @param {Heatmap} heatmap
 * @param {{view: View, choice: Choice, strongest: import("./attention.js").Patch,
 *   weight: number, numBlocks: number, T: number, w: number}} shown
 * @returns {string[]}
 */
export function describeHeatmap(words, heatmap, shown) {
  const { view, choice: { block, head }, strongest, weight, numBlocks, T, w } = shown;
  const through = view === "rollout" ? words.through : head === "mean" ? words.all : words.one;
  const numTokens = view === "time" ? T : 1 + heatmap.count;
  const sentences = [
    fillTemplate(through, {
      block: block + 1, head: head === "mean" ? head : head + 1, blocks: numBlocks,
    }),
    fillTemplate(words.most[view === "rollout" ? "hops" : view], {
      ...positionOf(strongest, w),
      percent: formatPercent(weight), times: formatNumber(weight * heatmap.count, 1),
    }),
  ];
  if (view !== "time") {
    sentences.push(fillTemplate(words.cls, { percent: formatPercent(heatmap.cls) }));
  }
  sentences.push(fillTemplate(words.bits, {
    bits: formatNumber(entropyBits(heatmap.patches, heatmap.cls), 1),
    most: formatNumber(Math.log2(numTokens), 1),
  }));
  return sentences;
}

/**
 * Name a token that a patch of `frame` attends to.
 * @param {Record<string, any>} words
 * @param {import("./attention.js").Kind} kind
 * @param {number} token
 * @param {{frame: number, T: number, w: number}} context
 */
export function nameToken(words, kind, token, { frame, T, w }) {
  if (kind === "time") return fillTemplate(words.nameFrame, { frame: token + 1 });
  if (token === 0) return words.nameCls;
  const patch = kind === "space" ? { frame, place: token - 1 }
    : { frame: (token - 1) % T, place: Math.floor((token - 1) / T) };
  return fillTemplate(words.namePatch, positionOf(patch, w));
}
