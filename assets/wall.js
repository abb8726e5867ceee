// The wall: a small map of the same patch for each head of each block, in an order of one's choice.

const SORTS = ["byPlace", "byBits", "byDistance"];
const SORTED_BY = { byBits: "bits", byDistance: "distance" };
const MOST_ACROSS = 12; // maps in a row of a wide page, the heads of some blocks
const CAPTIONS = { byPlace: "wallHead", byBits: "wallBits", byDistance: "wallDistance" };

class HeadWall {
  // `choose` is told of a sort, or of a block and a head, counted from 1.
  constructor({ words, colours, grid: [h, w], frames, choose }) {
    Object.assign(this, { words, choose, shape: { T: frames.length, h, w }, cells: [] });
    this.colours = colourNumbers(colours, () => 1);
    const sorts = SORTS.map((sort) => [sort, words[sort]]);
    this.sorts = makeChoices(words.sort, sorts, (sort) => choose({ sort }));
    this.working = makeElement("p", { className: "ex-working" });
    this.cellsPart = makeElement("div", { className: "ex-cells" });
    this.element = makeElement("section", { className: "ex-wall", hidden: true },
      makeElement("h3", { textContent: words.wall }),
      makeElement("p", { textContent: words.wallWords }), this.sorts, this.working,
      makeElement("div", { className: "ex-scroll" }, this.cellsPart));
  }

  // Takes the attention whose heads are to be seen.
  hold(attention) {
    this.attention = attention;
    this.cells = attention.blocks.flatMap((block) => (
      Array.from({ length: attention.A }, (_, head) => this.cell(block, head))
    ));
    this.cellsPart.style.setProperty("--heads", attention.A);
    const abreast = Math.max(1, Math.floor(MOST_ACROSS / attention.A));
    this.cellsPart.style.setProperty("--abreast", abreast);
    this.element.hidden = false;
  }

  cell(block, head) {
    const map = new SmallMap(this.colours);
    const caption = makeElement("span");
    const button = makeElement("button", { type: "button" }, map.pixels.canvas, caption);
    button.addEventListener("click", () => this.choose({ block: block + 1, head: head + 1 }));
    return { block, head, map, caption, button };
  }

  // Puts the heads in order, as soon as what it needs is worked out, and marks the chosen one.
  order({ sort, block, head }) {
    checkChoice(this.sorts, sort);
    const found = this.attention?.survey;
    const by = found && SORTED_BY[sort];
    const sorted = this.cells.map((cell, i) => ({ ...cell, ...found?.[i] }));
    if (by) sorted.sort((one, other) => one[by] - other[by]);
    for (const { block: b, head: a, bits, distance, caption, button } of sorted) {
      const values = {
        block: b + 1, head: a + 1, ...(found && {
          bits: inDigits(bits, 1), distance: inDigits(distance, 1),
        }),
      };
      caption.textContent = fillWords(this.words[CAPTIONS[by ? sort : SORTS[0]]], values);
      const all = fillWords(this.words[found ? "wallBoth" : "wallHead"], values);
      button.setAttribute("aria-label", all);
      button.title = all;
      button.setAttribute("aria-pressed", b + 1 === block && a + 1 === head);
    }
    const buttons = sorted.map(({ button }) => button);
    this.cellsPart.classList.toggle("ex-sorted", Boolean(by));
    if (buttons.some((button, i) => this.cellsPart.children[i] !== button)) {
      this.cellsPart.replaceChildren(...buttons);
    }
  }

  // Draws the maps of a patch; of all blocks there is none of a single head.
  paint(shown) {
    const last = this.attention.joint || this.attention.time ? "hops" : "space";
    const view = shown.view === "rollout" ? last : shown.view;
    this.cellsPart.classList.toggle("ex-wide", view === "hops");
    for (const { block, head, map } of this.cells) {
      map.paint(view, this.attention.map(view, { ...shown, block, head }), this.shape, shown);
    }
  }
}
