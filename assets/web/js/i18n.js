// Numbers and sentences in the language of the page.

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * Write a number with a fixed number of decimals in the language of the page.
 * @param {number} number
 * @param {number} digits
 * @param {"decimal" | "percent"} style
 * @returns {string}
 */
export function formatNumber(number, digits, style = "decimal") {
  const { lang } = document.documentElement;
  const key = `${lang} ${digits} ${style}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(lang || "en", {
      style, minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false,
    });
    formats.set(key, format);
  }
  const decimals = style === "percent" ? digits + 2 : digits;
  return format.format(Number(number.toFixed(decimals)) || 0); // "|| 0" turns -0 into 0
}

/**
 * Write a share of 0..1 in percent, with the sign of the page's language.
 * @param {number} share
 * @param {number} digits
 * @returns {string}
 */
export function formatPercent(share, digits = share < 0.01 ? 2 : 1) {
  return formatNumber(share, digits, "percent");
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

/** @typedef {typeof import("../../../timesformer/i18n/catalogs/en.json")} Sentences */

/**
 * The sections that the page holds, by `catalog_html` in javascript.py.
 * @typedef {Pick<Sentences, "arithmetic" | "camera" | "explorer" | "stage" | "teachers">
 *   & {page: Pick<Sentences["page"], "title">, errors: {
 *       explorer: Pick<Sentences["errors"]["explorer"], "block_too_large" | "frame_too_large">,
 *       server: Pick<Sentences["errors"]["server"],
 *         "no_links" | "one_file" | "upload_too_large">}}} Catalog
 */

/** @type {Catalog | null} */
let catalog = null;

/** Return true if the page already holds its sentences. */
export function hasCatalog() {
  return Boolean(catalog ?? document.querySelector("#catalog"));
}

/**
 * Return a section of the catalog in the language of the page.
 * @template {keyof Catalog} Name
 * @param {Name} name
 * @returns {Catalog[Name]}
 */
export function catalogSection(name) {
  const read = catalog ??= JSON.parse(document.querySelector("#catalog")?.textContent ?? "");
  return /** @type {Catalog} */ (read)[name];
}
