// The tour: a card at the foot of the window, and an outline around what it describes.

import { getElement, getElements, makeElement, scrollToElement } from "./dom.js";
import { catalogSection, fillTemplate } from "./i18n.js";

/** @typedef {keyof import("./i18n.js").Catalog["tour"]["stops"]} Stop */

/** Show the tour of the panels that are visible. */
export function startTour() {
  const words = catalogSection("tour");
  const names = /** @type {Stop[]} */ (getElement("nav.bar").dataset.stops?.split(" ") ?? []);
  const stops = names.filter((name) => (
    getElements(`#${name}`).some((panel) => panel.offsetParent !== null)
  ));
  const button = (/** @type {string} */ textContent, /** @type {() => void} */ onPress) => (
    makeElement("button", { type: "button", textContent, onclick: onPress })
  );
  const count = makeElement("p", { className: "count" });
  const heading = makeElement("h2");
  const sentence = makeElement("p", { className: "text", "aria-live": "polite" });
  const back = button(words.back, () => goTo(position - 1));
  const next = button(words.next, () => goTo(position + 1));
  const end = button(words.end, () => card.close());
  const card = makeElement("dialog", { className: "tour" }, count, heading, sentence,
    makeElement("div", {}, back, next, end));
  let position = 0;

  const panel = () => getElement(`#${stops[position]}`);
  const goTo = (/** @type {number} */ number) => {
    panel().classList.remove("current-stop");
    position = number;
    panel().classList.add("current-stop");
    scrollToElement(panel());
    heading.textContent = words.stops[stops[position]].title;
    sentence.textContent = words.stops[stops[position]].text;
    count.textContent = fillTemplate(words.stop, { number: position + 1, count: stops.length });
    back.disabled = position === 0;
    next.disabled = position === stops.length - 1;
    if (next.disabled) end.focus(); // a disabled button loses the focus
  };
  card.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") card.close();
  });
  card.addEventListener("close", () => {
    panel().classList.remove("current-stop");
    card.remove();
    getElement('[data-do="tour"]').focus();
  });
  document.body.append(card);
  card.show();
  goTo(0);
  next.focus();
}
