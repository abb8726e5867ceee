// DOM helpers for all modules.

/**
 * Create an element. Attributes that are properties of the element are set as properties.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function makeElement(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in element) Object.assign(element, { [name]: value });
    else element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * Return the first element that matches a selector; raise Error if there is none.
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {HTMLElement}
 */
export function getElement(selector, root = document) {
  const element = /** @type {HTMLElement | null} */ (root.querySelector(selector));
  if (!element) throw new Error(`There is no ${selector}.`);
  return element;
}

/**
 * Return all HTML elements that match a selector.
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {HTMLElement[]}
 */
export function getElements(selector, root = document) {
  return [...root.querySelectorAll(selector)].filter((element) => element instanceof HTMLElement);
}

/**
 * Return all input elements that match a selector.
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {HTMLInputElement[]}
 */
export function getInputs(selector, root = document) {
  return getElements(selector, root).filter((element) => element instanceof HTMLInputElement);
}

/**
 * Return the element that an event happened in and that matches a selector, or null.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function closestTo({ target }, selector) {
  return target instanceof Element ? target.closest(selector) : null;
}

/**
 * Call a function now and after every change of the page's elements, until it returns true.
 * Gradio renders the page in steps and again after each answer, so elements come and go.
 * @param {() => boolean | void} update
 * @param {MutationObserverInit} [options]
 */
export function onPageChange(update, options = {}) {
  const observer = new MutationObserver(() => {
    if (update()) observer.disconnect();
  });
  if (!update()) observer.observe(document, { childList: true, subtree: true, ...options });
}

/**
 * Scroll to an element and open the section around it.
 * @param {Element | null} element
 */
export function scrollToElement(element) {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element?.closest("details")?.setAttribute("open", "");
  element?.scrollIntoView({ block: "center", behavior: isStill ? "auto" : "smooth" });
}

let numRadioGroups = 0;

/**
 * Create a group of radio buttons.
 * @param {string} legend
 * @param {[value: string | number, label: string | number][]} options
 * @param {(value: string) => void} onChoose
 * @returns {HTMLFieldSetElement}
 */
export function makeRadioGroup(legend, options, onChoose) {
  numRadioGroups += 1;
  const name = `ex-${numRadioGroups}`;
  const labels = options.map(([value, label]) => makeElement("label", {},
    makeElement("input", { type: "radio", name, value }),
    makeElement("span", { textContent: label })));
  const group = makeElement("fieldset", { className: "ex-choices" },
    makeElement("legend", { textContent: legend }), ...labels);
  group.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) onChoose(target.value);
  });
  return group;
}

/**
 * Check the radio button of a value; disable the buttons of values that are not allowed.
 * @param {HTMLElement} group
 * @param {string | number} value
 * @param {string[] | null} [allowed]
 */
export function checkRadio(group, value, allowed = null) {
  for (const input of getInputs("input", group)) {
    input.checked = input.value === String(value);
    if (allowed) input.disabled = !allowed.includes(input.value);
  }
}
