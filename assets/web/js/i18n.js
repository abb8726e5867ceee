// Numbers and sentences in the language of the page.

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * Write a number with a fixed number of decimals in the language of the page.
 * @param {number} number
 * @param {number} digits
 * @returns {string}
 */
export function formatNumber(number, digits) {
  const { lang } = document.documentElement;
  const key = `${lang} ${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(lang || "en", {
      minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false,
    });
    formats.set(key, format);
  }
  return format.format(Number(number.toFixed(digits)) || 0); // "|| 0" turns -0 into 0
}

/**
 * Write a share of 0..1 in percent, without the sign.
 * @param {number} share
 * @returns {string}
 */
export function formatPercent(share) {
  return formatNumber(100 * share, share < 0.01 ? 2 : 1);
}

/**
 * Fill the placeholders in braces of a template.
 * @param {string} template
 * @param {Record<string, unknown>} values
 * @returns {string}
 */
export function fillTemplate(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/**
 * Return the sentences of the page's modules, as the page has them in its bar.
 * @returns {Record<string, any>}
 */
export function barWords() {
  return JSON.parse(document.querySelector("nav.bar")?.getAttribute("data-words") ?? "{}");
}

/**
 * Return the stops of the tour: a selector, a heading and a sentence each.
 * @returns {[string, string, string][]}
 */
export function tourStops() {
  return JSON.parse(document.querySelector("nav.bar")?.getAttribute("data-stops") ?? "[]");
}
