// The explorer: point at a patch of any frame and see what it attends to. It knows no Gradio.
// What people see and what `state` holds counts from 1; everything else from 0.

const SLICE = 6; // milliseconds of work between two chances for the page
const WALL_REST = 90; // milliseconds without a change before the small maps follow
const WORDS_REST = 300; // and before it is said in words
const STEPS = {
  ArrowUp: { row: -1 }, ArrowDown: { row: 1 }, ArrowLeft: { column: -1 }, ArrowRight: { column: 1 },
  PageUp: { frame: -1 }, PageDown: { frame: 1 }, ",": { frame: -1 }, ".": { frame: 1 },
};

const asPercent = (share) => inDigits(100 * share, share < 0.01 ? 2 : 1);

class Explorer extends ExplorerParts {
  constructor(section, { buffer = null, ask = null, changed = null } = {}) {
    super();
    this.data = JSON.parse(section.dataset.explorer);
    Object.assign(this, { section, ask, changed, words: this.data.words });
    const { frames, grid: [h, w], scheme, blocks, heads } = this.data;
    Object.assign(this, { T: frames.length, h, w, N: h * w, preview: null });
    Object.assign(this, { attention: null, rollouts: null });
    this.limits = { block: blocks, head: heads, frame: this.T, row: h, column: w };
    this.covers = new Uint8Array(this.T * this.N);
    this.state = {
      block: blocks, head: "mean", frame: Math.ceil(this.T / 2), row: Math.ceil(h / 2),
      column: Math.ceil(w / 2), view: scheme === "joint_space_time" ? "hops" : "space",
      sort: SORTS[0],
    };
    this.build();
    this.loadFrames();
    if (buffer) this.give(buffer);
    this.update();
  }

  // The views that this model has, of those there are.
  get views() {
    const { scheme } = this.data;
    const alone = { joint_space_time: ["hops"], space_only: ["space"] }[scheme]
      ?? ["space", "time", "hops"];
    return this.rollsHere || this.canAsk("frame") ? [...alone, "rollout"] : alone;
  }

  // Whether rollout is worked out here; else it comes for the patches of one frame, or not at all.
  get rollsHere() {
    return this.data.whole && (!this.attention || this.attention.canRoll);
  }

  canAsk(part) {
    return Boolean(this.ask && this.data.megabytes[part]);
  }

  // Whether what the patches of a frame draw, in the view that is chosen, needs no fetching.
  reaches(frame) {
    return this.state.view !== "rollout" || this.rollsHere || this.rollouts?.frame === frame;
  }

  waitFor(part, waiting) {
    this.waits[part].textContent = waiting ? this.words.fetching[part] : "";
  }

  // Sets any part of the state to what is there; the rest is passed over.
  show(wanted) {
    const before = JSON.stringify(this.state);
    for (const [name, most] of Object.entries(this.limits)) {
      const number = Number(wanted[name]);
      if (Number.isInteger(number) && number >= 1 && number <= most) this.state[name] = number;
    }
    if (wanted.head === "mean") this.state.head = "mean";
    if (this.views.includes(wanted.view)) this.state.view = wanted.view;
    if (SORTS.includes(wanted.sort)) this.state.sort = wanted.sort;
    this.preview = null;
    this.update();
    if (before !== JSON.stringify(this.state)) this.changed?.({ ...this.state });
  }

  // The patches that were covered, as [frame, row, column].
  covered() {
    const places = [...this.covers.keys()].filter((i) => this.covers[i]);
    return places.map((i) => [Math.floor(i / this.N) + 1, Math.floor(i % this.N / this.w) + 1,
      i % this.w + 1]);
  }

  // Takes what came of the model: the queries and keys of all blocks or of one, or the rollouts of
  // a frame; null where it did not come.
  give(buffer) {
    const read = buffer && readSafetensors(buffer);
    this.say("");
    if (!read) this.say(this.words.unreachable);
    else if (read.about.clip !== this.data.clip || read.about.model !== this.data.model) {
      this.say(this.words.other);
    } else if (read.about.frame) this.rollouts = new Rollouts(read);
    else this.hold(new Attention(read));
    this.update();
  }

  hold(attention) {
    this.attention = attention;
    this.wall.hold(attention);
    if (!attention.joint) this.survey();
  }

  // The state, and where a single head is chosen, the query and keys behind it, named.
  numbersShown() {
    const { attention, shown, state } = this;
    if (state.head === "mean" || !attention?.has(shown.block)) return { state: { ...state } };
    const { kind, query, keys } = attention.numbers(shown);
    const names = keys.map((_, token) => this.nameOf(kind, token, shown));
    return { state: { ...state }, kind, query, keys, names };
  }

  // A token that is read, in words.
  nameOf(kind, token, { frame }) {
    const { words, T } = this;
    if (kind === "time") return fillWords(words.nameFrame, { frame: token + 1 });
    if (token === 0) return words.nameCls;
    const [at, place] = kind === "space" ? [frame, token - 1]
      : [(token - 1) % T, Math.floor((token - 1) / T)];
    return fillWords(words.namePatch, this.patchAt(at, place));
  }

  say(words) {
    this.note.textContent = words;
  }

  async loadFrames() {
    this.images = this.data.frames.map((src) => makeElement("img", { src, alt: "" }));
    await Promise.all(this.images.map((image) => image.decode()));
    this.small.forEach((map, frame) => map.show(this.images[frame]));
    this.draw();
  }

  // What is shown now: the state, or the patch under the pointer.
  get shown() {
    const { block, head, view, ...rest } = { ...this.state, ...this.preview };
    return {
      view, block: block - 1, head: head === "mean" ? head : head - 1, frame: rest.frame - 1,
      place: (rest.row - 1) * this.w + rest.column - 1,
    };
  }

  mapOf(view, shown) {
    const { attention, rollouts } = this;
    if (view === "rollout" && !this.rollsHere) {
      return this.reaches(shown.frame) ? rollouts.map(shown.place) : null;
    }
    const there = view === "rollout" ? attention?.means : attention?.has(shown.block);
    return there ? attention.map(view, shown) : null;
  }

  patchAt(frame, place) {
    const [row, column] = [Math.floor(place / this.w) + 1, place % this.w + 1];
    return { frame: frame + 1, row, column };
  }

  // The controls as the state says, then the pictures.
  update() {
    const { state, words, attention, data } = this;
    checkChoice(this.viewChoices, state.view, this.views);
    checkChoice(this.blockChoices, state.block);
    checkChoice(this.headChoices, state.head);
    for (const [name, input] of Object.entries(this.numbers)) input.value = state[name];
    const key = data.scheme === "joint_space_time" && state.view === "hops" ? "joint" : state.view;
    this.meaning.textContent = words.means[key];
    this.how.href = state.view === "time" ? "#works-time" : "#works-space";
    this.how.hidden = !document.querySelector(this.how.hash); // it stands on the page, if at all
    const rolls = state.view === "rollout";
    const here = data.whole || Boolean(attention?.has(state.block - 1));
    this.hide(this.fetches.block, rolls || here);
    this.hide(this.fetches.frame, this.reaches(state.frame - 1));
    this.unrolled.hidden = this.views.includes("rollout");
    if ((rolls && this.rollsHere) || state.sort !== SORTS[0]) this.survey();
    this.wall.order(state);
    this.draw();
  }

  // The focus goes to the picture where it would be lost.
  hide(box, hidden) {
    if (hidden && box.contains(document.activeElement)) this.big.element.focus();
    box.hidden = hidden;
  }

  // Draws at most once for each picture of the screen.
  draw() {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      this.paint();
    });
  }

  paint() {
    const { shown, big } = this;
    const map = this.map = this.mapOf(shown.view, shown);
    const top = map ? scaleTop(map) : 2;
    if (this.images[shown.frame].complete) big.show(this.images[shown.frame]);
    big.paint(map, shown.frame, top);
    if (this.hatched !== shown.frame) {
      this.hatched = shown.frame;
      big.hatch(this.covers.subarray(shown.frame * this.N, (shown.frame + 1) * this.N));
    }
    this.small.forEach((small, frame) => small.paint(map, frame, top));
    this.strongest = map ? strongestOf(map.patches) : null;
    this.mark(shown);
    const most = { top: inDigits(top, 1) };
    this.scale.setAttribute("aria-label", fillWords(this.words.scale, most));
    this.scaleTop.textContent = fillWords(this.words.top, most);
    this.paintMatrix(shown);
    clearTimeout(this.wallDue);
    clearTimeout(this.wordsDue);
    this.wallDue = setTimeout(() => this.attention && this.wall.paint(this.shown), WALL_REST);
    this.wordsDue = setTimeout(() => this.tell(), WORDS_REST);
  }

  mark({ frame, place }) {
    const within = (at, number) => (at !== null && Math.floor(at / this.N) === number
      ? at % this.N : null);
    [[this.big, frame], ...this.small.map((map, number) => [map, number])].forEach(
      ([map, number]) => {
        map.mark(map.chosen, number === frame ? place : null);
        map.mark(map.strongest, within(this.strongest, number));
      },
    );
    this.figures.forEach((figure, number) => figure.classList.toggle("ex-now", number === frame));
  }

  paintMatrix({ block, head, frame, place }) {
    const there = Boolean(this.attention?.time && this.attention.has(block));
    this.matrixPart.hidden = !there;
    if (!there) return;
    this.matrix.paint(this.attention.matrix(block, head, place));
    const { weights } = this.matrix;
    const row = weights.subarray(frame * this.T, (frame + 1) * this.T);
    if (!this.pointed) this.matrix.move(frame, strongestOf(row));
    const values = { percent: asPercent(this.matrix.most) };
    this.matrixScale.textContent = fillWords(this.words.matrixScale, values);
  }

  // What is shown, in words.
  tell() {
    const { words, map, attention, data, shown, shown: { view, block, head, frame, place } } = this;
    const said = [fillWords(words.patch, this.patchAt(frame, place))];
    if (map) {
      const through = view === "rollout" ? words.through : head === "mean" ? words.all : words.one;
      const most = map.patches[this.strongest];
      const where = this.patchAt(Math.floor(this.strongest / this.N), this.strongest % this.N);
      const all = view === "time" ? this.T : 1 + map.count;
      const kind = view === "rollout" ? "hops" : view;
      const bits = inDigits(bitsOf(map.patches, map.cls), 1);
      said.push(
        fillWords(through, { block: block + 1, head: head + 1, blocks: data.blocks }),
        fillWords(words.most[kind], {
          ...where, percent: asPercent(most), times: inDigits(most * map.count, 1),
        }),
      );
      if (view !== "time") said.push(fillWords(words.cls, { percent: asPercent(map.cls) }));
      said.push(fillWords(words.bits, { bits, most: inDigits(Math.log2(all), 1) }));
    }
    const lines = said.map((textContent) => makeElement("p", { textContent }));
    if (this.readout.textContent !== said.join("")) this.readout.replaceChildren(...lines);
    if (attention?.time && attention.has(shown.block)) this.tellCell();
  }

  tellCell() {
    const [reading, read] = this.matrix.cell;
    const percent = asPercent(this.matrix.weights[reading * this.T + read]);
    const values = { reading: reading + 1, read: read + 1, percent };
    this.cellWords.textContent = fillWords(this.words.cell, values);
  }

  // Works out what needs all rows, a slice at a time.
  survey() {
    const { attention } = this;
    if (!attention || attention.survey || this.surveyed === attention) return;
    this.surveyed = attention;
    const steps = attention.surveying();
    const slice = () => {
      if (!this.section.isConnected || this.attention !== attention) return;
      const until = performance.now() + SLICE;
      let step = steps.next();
      while (!step.done && performance.now() < until) step = steps.next();
      const percent = Math.floor(100 * (step.value ?? 1));
      const working = step.done ? "" : fillWords(this.words.working, { percent });
      this.wall.working.textContent = working;
      const awaited = this.state.view === "rollout" && this.rollsHere; // nothing is seen till then
      if (awaited || this.awaited) this.say(awaited ? working : "");
      this.awaited = awaited;
      if (step.done) this.update();
      else setTimeout(slice);
    };
    setTimeout(slice);
  }

  // Follows a pointer over a frame: it shows, and pressed it keeps, or covers.
  follow(map, frameOf) {
    const { element } = map;
    element.addEventListener("pointermove", (event) => {
      const place = map.placeAt(event);
      if (place === null) return;
      if (this.strokes !== undefined) this.coverPlaces([frameOf() * this.N + place], this.strokes);
      this.preview = this.reaches(frameOf()) ? this.patchAt(frameOf(), place) : null;
      this.draw();
    });
    element.addEventListener("pointerdown", (event) => {
      const place = map.placeAt(event);
      if (!this.covering || place === null) return;
      const at = frameOf() * this.N + place;
      this.strokes = !this.covers[at];
      this.coverPlaces([at], this.strokes);
    });
    element.addEventListener("pointerup", (event) => {
      const [place, painted] = [map.placeAt(event), this.strokes !== undefined];
      this.strokes = undefined;
      if (painted || event.button !== 0 || place === null) return;
      this.show(this.patchAt(frameOf(), place));
    });
    for (const end of ["pointerleave", "pointercancel"]) {
      element.addEventListener(end, () => {
        this.preview = null;
        this.strokes = undefined;
        this.draw();
      });
    }
  }

  press(event) {
    const { state } = this;
    const step = STEPS[event.key];
    const [name, by] = step ? Object.entries(step)[0] : [];
    if (step) this.show({ [name]: state[name] + by });
    else if (event.key === " " && this.covering) {
      const { frame, place } = this.shown;
      const at = frame * this.N + place;
      this.coverPlaces([at], !this.covers[at]);
    } else return;
    event.preventDefault();
  }

  pressCell(event) {
    const { row = 0, column = 0 } = STEPS[event.key] ?? {};
    if (!row && !column) return;
    const [reading, read] = this.matrix.cell;
    this.pointCell(reading + row, read + column);
    event.preventDefault();
  }

  // Shows which frames a cell of the matrix is of.
  pointCell(reading, read) {
    this.matrix.move(reading, read);
    this.light(this.matrix.cell);
    this.tellCell();
  }

  light(cell) {
    this.pointed = cell !== null;
    this.figures.forEach((figure, frame) => {
      const [reading, read] = [cell?.[0] === frame, cell?.[1] === frame];
      figure.classList.toggle("ex-lit", reading || read);
      figure.querySelector(".ex-reading").hidden = !reading;
      figure.querySelector(".ex-read").hidden = !read;
    });
  }

  coverFrame(frame, covered) {
    this.coverPlaces(Array.from({ length: this.N }, (_, place) => frame * this.N + place), covered);
  }

  coverPlaces(places, covered) {
    for (const place of places) this.covers[place] = covered;
    const frames = new Set(places.map((place) => Math.floor(place / this.N)));
    for (const frame of frames) {
      const those = this.covers.subarray(frame * this.N, (frame + 1) * this.N);
      this.small[frame].hatch(those);
      this.figures[frame].querySelector("input").checked = those.every(Boolean);
    }
    this.hatched = null;
    this.draw();
    this.tellCovered();
  }

  tellCovered() {
    const count = this.covers.reduce((sum, is) => sum + is, 0);
    const { coverWords, covered } = this.words;
    this.coverWords.textContent = count ? fillWords(covered, { count })
      : this.covering ? coverWords : "";
  }
}

function strongestOf(patches) {
  let most = 0;
  while (Number.isNaN(patches[most])) most += 1;
  for (let i = most; i < patches.length; i += 1) if (patches[i] > patches[most]) most = i;
  return most;
}

const mountExplorer = (section, options) => new Explorer(section, options);

// Says on the page what its explorer shows now.
function tellExplored() {
  const detail = window.explorer.numbersShown();
  document.dispatchEvent(new CustomEvent("explorer:changed", { detail }));
}
