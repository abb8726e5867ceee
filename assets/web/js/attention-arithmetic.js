// The arithmetic of attention with the model's numbers: query, key, products, sum and softmax.

import { makeElement } from "./dom.js";
import { catalogSection, fillTemplate, formatNumber, formatPercent } from "./i18n.js";

const MAX_ROWS = 8; // with more tokens, only the strongest have rows of their own
const NUM_STRONGEST = 5;

/**
 * The query, keys and names of the tokens of one row. They are missing for a mean of heads.
 * @typedef {object} Numbers
 * @property {Record<string, unknown>} state
 * @property {Float32Array} [query] d numbers
 * @property {Float32Array[]} [keys] n times d numbers
 * @property {string[]} [names]
 */

/** @typedef {import("./i18n.js").Catalog["arithmetic"]} Words */

/** @type {Numbers | null} */
let shown = null;
/** @type {number | null} */
let nextPaint = null;
let temperature = 1;

/** @param {number} number */
const decimal = (number, digits = 2) => formatNumber(number, digits).replace("-", "−");

/**
 * Return the scores q·k of a query with all keys, and each step of their softmax.
 * @param {Float32Array} query
 * @param {Float32Array[]} keys
 */
function softmaxSteps(query, keys) {
  const divisor = Math.sqrt(query.length) * temperature;
  const scores = keys.map((key) => query.reduce((sum, number, i) => sum + number * key[i], 0));
  const divided = scores.map((score) => score / divisor);
  const max = divided.reduce((a, b) => Math.max(a, b));
  const powers = divided.map((score) => Math.exp(score - max));
  const total = powers.reduce((a, b) => a + b);
  return { scores, divided, max, powers, total, weights: powers.map((power) => power / total) };
}

/** @typedef {ReturnType<typeof softmaxSteps>} Steps */

/**
 * Show the arithmetic of one row in the section.
 * @param {HTMLElement} section
 * @param {Numbers} numbers
 */
function drawArithmetic(section, { query, keys, names, state }) {
  const words = catalogSection("arithmetic");
  if (!query || !keys || !names) {
    section.replaceChildren(makeElement("p", { textContent: words.empty }));
    return;
  }
  if (!section.querySelector("table")) layOut(section, words);
  const steps = softmaxSteps(query, keys);
  const order = [...keys.keys()].sort((a, b) => steps.scores[b] - steps.scores[a]);
  const [best] = order;
  const fill = (/** @type {string} */ className, /** @type {string} */ sentence) => {
    const paragraph = section.querySelector(`.${className}`);
    if (paragraph) paragraph.textContent = sentence;
  };
  fill("query", fillTemplate(words.query, {
    ...state, count: query.length, tokens: keys.length, name: names[best],
  }));
  fill("sum", fillTemplate(words.sum, {
    count: query.length, score: decimal(steps.scores[best]),
    root: decimal(Math.sqrt(query.length)), temperature: decimal(temperature),
    scaled: decimal(steps.divided[best]),
  }));
  fill("shift", fillTemplate(words.shift, { most: decimal(steps.max) }));
  fill("model", fillTemplate(words.model, {
    most: formatPercent(steps.weights[best], 1), even: formatPercent(1 / keys.length, 1),
  }));
  section.querySelector(".products")?.replaceChildren(...productItems(query, keys[best], words));
  section.querySelector("tbody")?.replaceChildren(...softmaxRows(steps, order, names, words));
}

/**
 * @param {HTMLElement} section
 * @param {Words} words
 */
function layOut(section, words) {
  const slider = makeElement("input", { type: "range", min: -2, max: 2, step: 0.1 });
  slider.value = String(Math.log2(temperature));
  const output = makeElement("output", { value: decimal(temperature) });
  slider.addEventListener("input", () => {
    temperature = 2 ** Number(slider.value);
    output.value = decimal(temperature);
    slider.setAttribute("aria-valuetext", output.value);
    draw();
  });
  const paragraph = (/** @type {string} */ className) => makeElement("p", { className });
  const heading = (/** @type {string} */ textContent) => makeElement("h4", { textContent });
  const columns = Object.values(words.columns).map((textContent) => (
    makeElement("th", { textContent, scope: "col" })
  ));
  section.replaceChildren(
    paragraph("query"), heading(words.products), makeElement("ul", { className: "products" }),
    paragraph("sum"), heading(words.softmax),
    makeElement("label", { className: "temperature" }, words.temperature,
      makeElement("i", { textContent: words.sharper }), slider,
      makeElement("i", { textContent: words.flatter }), output),
    makeElement("div", { className: "strip-scroll", tabIndex: 0 },
      makeElement("table", {}, makeElement("thead", {}, makeElement("tr", {}, ...columns)),
        makeElement("tbody"))),
    paragraph("shift"), paragraph("model"),
  );
}

/**
 * Return query, key and product, number by number. Products of 0 are only counted.
 * @param {Float32Array} query
 * @param {Float32Array} key
 * @param {Words} words
 */
function productItems(query, key, words) {
  const products = Array.from(query, (number, i) => number * key[i]);
  const maxima = [query, key, products].map((numbers) => (
    Math.max(1e-9, ...Array.from(numbers, Math.abs))
  ));
  const nonzero = [...products.keys()].filter((i) => products[i]);
  const items = nonzero.map((i) => makeElement("li", {},
    ...[query[i], key[i], products[i]].map((number, row) => {
      const cell = makeElement("span", {
        className: number < 0 ? "minus" : "plus",
        textContent: `${["", "× ", "= "][row]}${decimal(number)}`,
      });
      cell.style.setProperty("--much", `${(50 * Math.abs(number)) / maxima[row]}%`);
      return cell;
    })));
  const count = products.length - nonzero.length;
  const rest = makeElement("li", { className: "zeros",
    textContent: fillTemplate(words.zeros, { count }) });
  return count ? [...items, rest] : items;
}

/**
 * @param {Steps} steps
 * @param {number[]} order of the tokens, the largest score first
 * @param {string[]} names
 * @param {Words} words
 */
function softmaxRows({ scores, divided, powers, total, weights }, order, names, words) {
  const showsAll = order.length <= MAX_ROWS;
  const tokens = showsAll ? [...weights.keys()] : order.slice(0, NUM_STRONGEST);
  const rows = tokens.map((i) => makeRow(names[i], [
    decimal(scores[i]), decimal(divided[i]), decimal(powers[i], 3),
  ], weights[i], i === order[0]));
  if (!showsAll) {
    const others = order.slice(NUM_STRONGEST);
    const [power, weight] = [powers, weights].map((all) => (
      others.reduce((sum, i) => sum + all[i], 0)
    ));
    const name = fillTemplate(words.others, { count: others.length });
    rows.push(makeRow(name, ["", "", decimal(power, 3)], weight));
  }
  return [...rows, makeRow(words.total, ["", "", decimal(total, 3)], 1)];
}

/**
 * @param {string} name
 * @param {string[]} numbers
 * @param {number} weight
 * @param {boolean} [isBest]
 */
function makeRow(name, numbers, weight, isBest = false) {
  const share = makeElement("td", { className: "share", textContent: formatPercent(weight, 1) });
  share.style.setProperty("--share", String(weight));
  return makeElement("tr", { className: isBest ? "best" : "" },
    makeElement("th", { textContent: name, scope: "row" }),
    ...numbers.map((textContent) => makeElement("td", { textContent })), share);
}

function draw() {
  const section = document.querySelector("details[open] .arithmetic");
  if (section instanceof HTMLElement && shown) drawArithmetic(section, shown);
}

/** Show the numbers of what the explorer shows, in the page's or the report's section. */
export function startArithmetic() {
  document.addEventListener("explorer:changed", (event) => {
    shown = /** @type {CustomEvent<Numbers>} */ (event).detail;
    nextPaint ??= requestAnimationFrame(() => {
      nextPaint = null;
      draw();
    });
  });
  document.addEventListener("toggle", draw, true);
}
