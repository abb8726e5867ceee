// The arithmetic of attention: a query, keys, products, a sum, a softmax, with the model's numbers.
const ROWS_OF_ALL = 8; // of more tokens than these only the strongest stand alone
const STANDING_ALONE = 5;
const arithmetic = { asked: null, coming: null, temperature: 1 };

const asDecimal = (number, digits = 2) => inDigits(number, digits).replace("-", "−");
const asShare = (share) => `${inDigits(100 * share, 1)} %`;

// Scores q·k of a query (d numbers) with keys (n times d), and their softmax at a temperature.
function softmaxOf(query, keys, temperature) {
  const divisor = Math.sqrt(query.length) * temperature;
  const scores = keys.map((key) => query.reduce((sum, number, i) => sum + number * key[i], 0));
  const divided = scores.map((score) => score / divisor);
  const most = divided.reduce((a, b) => Math.max(a, b));
  const powers = divided.map((score) => Math.exp(score - most));
  const total = powers.reduce((a, b) => a + b);
  return { scores, divided, most, powers, total, weights: powers.map((power) => power / total) };
}

// Fills a section: query, keys and names of tokens are those of one row at `state`, and missing
// for a mean of heads; words come from Python.
function drawArithmetic(section, { query, keys, names, state, words }) {
  if (!query) {
    section.replaceChildren(makeElement("p", { textContent: words.empty }));
    return;
  }
  if (!section.querySelector("table")) layOutArithmetic(section, words);
  const found = softmaxOf(query, keys, arithmetic.temperature);
  const order = [...keys.keys()].sort((a, b) => found.scores[b] - found.scores[a]);
  const [best] = order;
  const say = (name, values) => {
    section.querySelector(`.${name}`).textContent = fillWords(words[name], values);
  };
  say("asks", { ...state, count: query.length, tokens: keys.length, name: names[best] });
  say("sum", {
    count: query.length, score: asDecimal(found.scores[best]),
    root: asDecimal(Math.sqrt(query.length)), temperature: asDecimal(arithmetic.temperature),
    scaled: asDecimal(found.divided[best]),
  });
  say("shift", { most: asDecimal(found.most) });
  say("model", { most: asShare(found.weights[best]), even: asShare(1 / keys.length) });
  section.querySelector(".products").replaceChildren(...productsOf(query, keys[best], words));
  section.querySelector("tbody").replaceChildren(...softmaxRows(found, order, names, words));
}

function layOutArithmetic(section, words) {
  const slider = makeElement("input", { type: "range", min: -2, max: 2, step: 0.1 });
  slider.value = Math.log2(arithmetic.temperature);
  const output = makeElement("output", { value: asDecimal(arithmetic.temperature) });
  slider.addEventListener("input", () => {
    arithmetic.temperature = 2 ** slider.value;
    output.value = asDecimal(arithmetic.temperature);
    slider.setAttribute("aria-valuetext", output.value);
    drawAsked();
  });
  const paragraph = (className) => makeElement("p", { className });
  const heading = (textContent) => makeElement("h4", { textContent });
  const columns = words.columns.map((textContent) => makeElement("th", { textContent, scope: "col" }));
  section.replaceChildren(
    paragraph("asks"), heading(words.products), makeElement("ul", { className: "products" }),
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

// Query, key and product, number by number; those of 0 are only counted.
function productsOf(query, key, words) {
  const products = Array.from(query, (number, i) => number * key[i]);
  const tops = [query, key, products].map((numbers) => Math.max(1e-9, ...Array.from(numbers, Math.abs)));
  const counted = [...products.keys()].filter((i) => products[i]);
  const items = counted.map((i) => makeElement("li", {},
    ...[query[i], key[i], products[i]].map((number, row) => {
      const cell = makeElement("span", {
        className: number < 0 ? "minus" : "plus",
        textContent: `${["", "× ", "= "][row]}${asDecimal(number)}`,
      });
      cell.style.setProperty("--much", `${(50 * Math.abs(number)) / tops[row]}%`);
      return cell;
    })));
  const zeros = products.length - counted.length;
  const rest = makeElement("li", { className: "zeros", textContent: fillWords(words.zeros, { count: zeros }) });
  return zeros ? [...items, rest] : items;
}

function softmaxRows({ scores, divided, powers, total, weights }, order, names, words) {
  const few = order.length <= ROWS_OF_ALL;
  const shown = few ? [...weights.keys()] : order.slice(0, STANDING_ALONE);
  const rows = shown.map((i) => rowOfSoftmax(names[i], [
    asDecimal(scores[i]), asDecimal(divided[i]), asDecimal(powers[i], 3),
  ], weights[i], i === order[0]));
  if (!few) {
    const rest = order.slice(STANDING_ALONE);
    const [power, weight] = [powers, weights].map((all) => rest.reduce((sum, i) => sum + all[i], 0));
    const name = fillWords(words.others, { count: rest.length });
    rows.push(rowOfSoftmax(name, ["", "", asDecimal(power, 3)], weight));
  }
  return [...rows, rowOfSoftmax(words.total, ["", "", asDecimal(total, 3)], 1)];
}

function rowOfSoftmax(name, numbers, weight, best = false) {
  const share = makeElement("td", { className: "share", textContent: asShare(weight) });
  share.style.setProperty("--share", weight);
  return makeElement("tr", { className: best ? "best" : "" },
    makeElement("th", { textContent: name, scope: "row" }),
    ...numbers.map((textContent) => makeElement("td", { textContent })), share);
}

function drawAsked() {
  const section = document.querySelector("details[open] .arithmetic");
  if (!section || !arithmetic.asked) return;
  drawArithmetic(section, { ...arithmetic.asked, words: JSON.parse(section.dataset.words) });
}

document.addEventListener("explorer:changed", ({ detail }) => {
  arithmetic.asked = detail;
  arithmetic.coming ??= requestAnimationFrame(() => {
    arithmetic.coming = null;
    drawAsked();
  });
});
document.addEventListener("toggle", drawAsked, true);
