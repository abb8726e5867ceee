// What the explorer shows, in sentences.

import { entropyBits } from "./attention-math.js";
import { catalogSection, fillTemplate, formatNumber, formatPercent } from "./i18n.js";

/** @typedef {import("./attention.js").Choice} Choice */
/** @typedef {import("./attention.js").Heatmap} Heatmap */
/** @typedef {import("./attention.js").View} View */

/**
 * Return frame, row and column of a patch, from 1.
 * @param {import("./attention.js").Patch} patch
 * @param {number} w
 */
export function coordinatesOf({ frame, position }, w) {
  return { frame: frame + 1, row: Math.floor(position / w) + 1, column: position % w + 1 };
}

/**
 * Describe a heatmap: the view, the strongest patch, the cls token's share and the entropy.
 * @param {Heatmap} heatmap
 * @param {{view: View, choice: Choice, strongest: import("./attention.js").Patch,
 *   weight: number, numBlocks: number, T: number, w: number}} shown
 * @returns {string[]}
 */
export function describeHeatmap(heatmap, shown) {
  const { view, choice: { block, head }, strongest, weight, numBlocks, T, w } = shown;
  const words = catalogSection("explorer");
  const source = view === "rollout" ? words.of_all_blocks
    : head === "mean" ? words.of_block : words.of_head;
  const numTokens = view === "time" ? T : 1 + heatmap.count;
  const sentences = [
    fillTemplate(source, {
      block: block + 1, head: head === "mean" ? head : head + 1, blocks: numBlocks,
    }),
    fillTemplate(words.strongest[view === "rollout" ? "hops" : view], {
      ...coordinatesOf(strongest, w),
      percent: formatPercent(weight), times: formatNumber(weight * heatmap.count, 1),
    }),
  ];
  if (view !== "time") {
    sentences.push(fillTemplate(words.cls_share, { percent: formatPercent(heatmap.cls) }));
  }
  sentences.push(fillTemplate(words.entropy, {
    bits: formatNumber(entropyBits(heatmap.patches, heatmap.cls), 1),
    most: formatNumber(Math.log2(numTokens), 1),
  }));
  return sentences;
}

/**
 * Name a token that a patch of `frame` attends to.
 * @param {import("./attention.js").Kind} kind
 * @param {number} token
 * @param {{frame: number, T: number, w: number}} context
 */
export function nameToken(kind, token, { frame, T, w }) {
  const words = catalogSection("explorer");
  if (kind === "time") return fillTemplate(words.frame_name, { frame: token + 1 });
  if (token === 0) return words.cls_name;
  const patch = kind === "space" ? { frame, position: token - 1 }
    : { frame: (token - 1) % T, position: Math.floor((token - 1) / T) };
  return fillTemplate(words.patch_name, coordinatesOf(patch, w));
}
