// Everything inside the explorer's section, built once; what it does is in explorer.js.
// What people see counts from 1.

class ExplorerParts {
  // Fills the section. What can only be asked of a model needs `ask`.
  build() {
    const { data, words, section } = this;
    this.note = makeElement("p", { className: "ex-note", role: "status" });
    section.replaceChildren(
      makeElement("h2", { textContent: words.heading }),
      makeElement("p", { className: "ex-lead", textContent: words.lead }),
      makeElement("div", { className: "ex-parts" }, this.buildPictures(),
        this.buildChoices()),
      this.note,
      (this.wall = new HeadWall({ ...data, words, choose: (wanted) => this.show(wanted) })).element,
    );
    section.dataset.mounted = "";
  }

  buildPictures() {
    const { data, words } = this;
    this.big = new FrameMap(data);
    this.big.element.classList.add("ex-big");
    Object.assign(this.big.element, { tabIndex: 0, role: "application" });
    this.big.element.setAttribute("aria-label", words.picture);
    this.big.element.addEventListener("keydown", (event) => this.press(event));
    this.follow(this.big, () => this.shown.frame);
    this.small = data.frames.map(() => new FrameMap(data));
    this.figures = this.small.map((map, frame) => this.buildFigure(map, frame));
    this.scaleTop = makeElement("span");
    this.scale = makeElement("div", { className: "ex-scale", role: "img" },
      makeElement("span", { textContent: "0" }), makeElement("i"), this.scaleTop);
    const colours = data.colours.match(/.{6}/g).filter((_, i) => i % 17 === 0);
    this.section.style.setProperty("--heat", colours.map((digits) => `#${digits}`).join());
    return makeElement("div", { className: "ex-pictures" }, this.big.element, this.scale,
      this.buildNumbers(), ...(this.ask ? [this.buildCover()] : []),
      makeElement("div", { className: "ex-strip", "aria-label": words.frames, role: "group" },
        ...this.figures));
  }

  buildFigure(map, frame) {
    const { words, data } = this;
    this.follow(map, () => frame);
    const values = { frame: frame + 1, time: inDigits(data.times[frame], 2) };
    const box = makeElement("input", { type: "checkbox" });
    box.setAttribute("aria-label", fillWords(words.coverFrame, { frame: frame + 1 }));
    box.addEventListener("change", () => this.coverFrame(frame, box.checked));
    const tags = ["reading", "read"].map((tag) => (
      makeElement("b", { className: `ex-${tag}`, textContent: words[tag], hidden: true })
    ));
    return makeElement("figure", {}, map.element,
      makeElement("figcaption", {}, fillWords(words.figure, values)),
      makeElement("label", { className: "ex-cover" }, box, words.coverShort), ...tags);
  }

  buildNumbers() {
    const inputs = ["frame", "row", "column"].map((name) => {
      const input = makeElement("input", { type: "number", min: 1, max: this.limits[name] });
      input.addEventListener("change", () => this.show({ [name]: input.value }));
      return [name, input];
    });
    this.numbers = Object.fromEntries(inputs);
    return makeElement("div", { className: "ex-numbers" }, ...inputs.map(([name, input]) => (
      makeElement("label", {}, this.words[name], input)
    )));
  }

  buildCover() {
    const { words } = this;
    const covering = makeElement("button", { type: "button", textContent: words.cover });
    covering.setAttribute("aria-pressed", "false");
    covering.addEventListener("click", () => {
      this.covering = !this.covering;
      covering.setAttribute("aria-pressed", this.covering);
      this.section.classList.toggle("ex-covering", this.covering);
      this.tellCovered();
    });
    const uncover = makeElement("button", { type: "button", textContent: words.uncover });
    uncover.addEventListener("click", () => this.coverPlaces([...this.covers.keys()], false));
    this.coverWords = makeElement("p", { role: "status" });
    return makeElement("div", { className: "ex-covers" }, covering, uncover, this.coverWords);
  }

  buildChoices() {
    const { data, words, limits } = this;
    const joint = data.scheme === "joint_space_time";
    const views = ["space", "time", "hops", "rollout"].map((view) => (
      [view, view === "hops" && joint ? words.joint : words[view]]
    ));
    const numbered = (most) => Array.from({ length: most }, (_, i) => [i + 1, i + 1]);
    this.viewChoices = makeChoices(words.views, views, (view) => this.show({ view }));
    this.meaning = makeElement("p", { className: "ex-meaning" });
    this.how = makeElement("a", { className: "ex-how", textContent: words.how });
    const without = (textContent) => makeElement("p", { className: "ex-meaning", textContent });
    this.unrolled = without(this.ask ? words.tooLarge.frame : words.without.large);
    this.waits = {};
    this.fetches = { block: this.buildFetching("block"), frame: this.buildFetching("frame") };
    this.blockChoices = makeChoices(words.block, numbered(limits.block),
      (block) => this.show({ block }));
    const heads = [["mean", words.mean], ...numbered(limits.head)];
    this.headChoices = makeChoices(words.head, heads, (head) => this.show({ head }));
    this.readout = makeElement("div", { className: "ex-readout", "aria-live": "polite" });
    return makeElement("div", { className: "ex-controls" }, this.viewChoices, this.meaning,
      this.how,
      ...[words.without[data.scheme]].filter(Boolean).map(without), this.unrolled,
      this.blockChoices, this.headChoices, ...Object.values(this.fetches), this.readout,
      this.buildMatrix());
  }

  // The way to one block of a model that is too large to come whole, or to one frame's rollouts.
  buildFetching(part) {
    const { words, data: { megabytes } } = this;
    const fetching = makeElement("div", { className: "ex-fetch" });
    this.waits[part] = makeElement("p", { role: "status" });
    if (!this.canAsk(part)) {
      fetching.append(makeElement("p", { textContent: words.tooLarge[part] }));
      return fetching;
    }
    const fetch = makeElement("button", { type: "button", textContent: words.fetch[part] });
    fetch.addEventListener("click", () => {
      this.waitFor(part, true);
      this.ask(part, this.state[part]);
    });
    const size = inDigits(megabytes[part], megabytes[part] < 1 ? 1 : 0);
    const textContent = fillWords(words.fetchWords[part], { megabytes: size });
    fetching.append(makeElement("p", { textContent }), fetch, this.waits[part]);
    return fetching;
  }

  buildMatrix() {
    const { words, data } = this;
    this.matrix = new FrameMatrix(this.T, data.colours, words.matrixLabel);
    this.matrixScale = makeElement("p", { className: "ex-meaning" });
    this.cellWords = makeElement("p", { className: "ex-cell", "aria-live": "polite" });
    const { element } = this.matrix;
    const axis = (className) => makeElement("div", { className, "aria-hidden": "true" },
      ...this.small.map((_, frame) => makeElement("i", { textContent: frame + 1 })));
    element.addEventListener("pointermove", (event) => (
      this.pointCell(...this.matrix.cellAt(event))
    ));
    element.addEventListener("pointerleave", () => this.light(null));
    element.addEventListener("focus", () => this.pointCell(...this.matrix.cell));
    element.addEventListener("blur", () => this.light(null));
    element.addEventListener("keydown", (event) => this.pressCell(event));
    this.matrixPart = makeElement("section", { className: "ex-time", hidden: true },
      makeElement("h3", { textContent: words.matrix }),
      makeElement("p", { className: "ex-meaning", textContent: words.matrixWords }),
      makeElement("div", { className: "ex-axes" }, axis("ex-across"), axis("ex-down"), element),
      this.matrixScale, this.cellWords);
    return this.matrixPart;
  }
}
