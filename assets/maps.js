// What the explorer draws: frames with maps of patches over them, the matrix of frames, small maps.
// Frames and places are counted from 0 here.

const OPACITY = 0.85; // opacity of the hottest patch, as in Python
const UNREAD = 0.72; // darkness where a view does not look
const TOP_PART = 0.995; // of the patches lie below the brightest colour
const HATCH = 8; // pixels of a patch in the hatching

function makeElement(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// A number with so many decimals, as the language of the page writes it; there is no minus nought.
function inDigits(number, digits) {
  const { lang } = document.documentElement;
  const written = inDigits.formats ??= {};
  written[`${lang} ${digits}`] ??= new Intl.NumberFormat(lang || "en", {
    minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false,
  });
  return written[`${lang} ${digits}`].format(Number(number.toFixed(digits)) || 0);
}

const fillWords = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// A group of radio buttons of [value, words] pairs.
function makeChoices(legend, options, choose) {
  const name = `ex-${makeChoices.count = (makeChoices.count ?? 0) + 1}`;
  const group = makeElement("fieldset", { className: "ex-choices" },
    makeElement("legend", { textContent: legend }),
    ...options.map(([value, words]) => makeElement("label", {},
      makeElement("input", { type: "radio", name, value }),
      makeElement("span", { textContent: words }))));
  group.addEventListener("change", (event) => choose(event.target.value));
  return group;
}

function checkChoice(group, chosen, allowed = null) {
  for (const input of group.querySelectorAll("input")) {
    input.checked = input.value === String(chosen);
    if (allowed) input.disabled = !allowed.includes(input.value);
  }
}

// The value of the brightest colour, in times uniform: as render.scale_top in Python.
function scaleTop({ patches, count }) {
  const sorted = patches.filter((weight) => !Number.isNaN(weight)).sort();
  const at = TOP_PART * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return Math.max(2, count * (low + (high - low) * (at % 1)));
}

// 256 colours from hex digits, each as one number for ImageData; `opacity` of 0..1 gives its own.
function colourNumbers(digits, opacity) {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const [red, green, blue] = [0, 2, 4].map((at) => parseInt(digits.substr(6 * i + at, 2), 16));
    const alpha = Math.round(255 * opacity(i / 255));
    return new Uint32Array(new Uint8Array([red, green, blue, alpha]).buffer)[0];
  });
}

const CLEAR = 0;
const DARK = new Uint32Array(new Uint8Array([0, 0, 0, 255 * UNREAD]).buffer)[0];

// A canvas with a pixel for each number.
class Pixels {
  constructor(width, height) {
    this.canvas = makeElement("canvas", { width, height, "aria-hidden": "true" });
    this.context = this.canvas.getContext("2d");
    this.resize(width, height);
  }

  resize(width, height) {
    if (this.image?.width === width && this.image.height === height) return;
    Object.assign(this.canvas, { width, height });
    this.image = this.context.createImageData(width, height);
    this.numbers = new Uint32Array(this.image.data.buffer);
  }

  put() {
    this.context.putImageData(this.image, 0, 0);
  }
}

// A frame, grey, with the part of a map that is in it, the chosen patch, and what is covered.
class FrameMap {
  constructor({ grid: [h, w], size: [width, height], colours }) {
    Object.assign(this, { h, w });
    this.picture = makeElement("canvas", { width, height, className: "ex-picture" });
    this.heat = new Pixels(w, h);
    this.covers = makeElement("canvas", { width: w * HATCH, height: h * HATCH });
    this.chosen = makeElement("span", { className: "ex-chosen", hidden: true });
    this.strongest = makeElement("span", { className: "ex-strongest", hidden: true });
    this.element = makeElement("div", { className: "ex-frame" }, this.picture, this.heat.canvas,
      this.covers, this.strongest, this.chosen);
    this.element.style.aspectRatio = `${width} / ${height}`;
    this.colours = colourNumbers(colours, (share) => OPACITY * Math.sqrt(share));
  }

  show(image) {
    if (this.image === image) return;
    this.image = image;
    const { width, height } = this.picture;
    this.picture.getContext("2d").drawImage(image, 0, 0, width, height);
  }

  paint(map, frame, top) {
    const [N, { numbers }] = [this.h * this.w, this.heat];
    const most = map ? 255 * map.count / top : 0;
    for (let place = 0; place < N; place += 1) {
      const weight = map ? map.patches[frame * N + place] : 0;
      numbers[place] = Number.isNaN(weight) ? DARK
        : map ? this.colours[Math.min(255, Math.round(weight * most))] : CLEAR;
    }
    this.heat.put();
  }

  mark(span, place) {
    span.hidden = place === null;
    if (place === null) return;
    const [row, column] = [Math.floor(place / this.w), place % this.w];
    span.style.cssText = `left:${100 * column / this.w}%;top:${100 * row / this.h}%;`
      + `width:${100 / this.w}%;height:${100 / this.h}%`;
  }

  hatch(covered) {
    const context = this.covers.getContext("2d");
    context.clearRect(0, 0, this.covers.width, this.covers.height);
    covered.forEach((is, place) => {
      if (!is) return;
      const [x, y] = [(place % this.w) * HATCH, Math.floor(place / this.w) * HATCH];
      for (let i = 0; i < HATCH; i += 1) {
        for (let j = 0; j < HATCH; j += 1) {
          context.fillStyle = (i + j) % HATCH < 3 ? "#fff" : "#334155";
          context.fillRect(x + j, y + i, 1, 1);
        }
      }
    });
  }

  // The place under a pointer, or null.
  placeAt(event) {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    const column = Math.floor((event.clientX - left) / width * this.w);
    const row = Math.floor((event.clientY - top) / height * this.h);
    const inside = row >= 0 && row < this.h && column >= 0 && column < this.w;
    return inside ? row * this.w + column : null;
  }
}

// Which frame reads which: T x T cells, of which one is looked at.
class FrameMatrix {
  constructor(T, colours, label) {
    this.T = T;
    this.cells = new Pixels(T, T);
    this.at = makeElement("span", { className: "ex-chosen" });
    this.element = makeElement("div", { className: "ex-matrix", tabIndex: 0, role: "application",
      "aria-label": label }, this.cells.canvas, this.at);
    this.colours = colourNumbers(colours, () => 1);
    this.cell = [0, 0];
  }

  paint(weights) {
    this.weights = weights;
    this.most = Math.max(...weights);
    weights.forEach((weight, i) => {
      this.cells.numbers[i] = this.colours[Math.round(255 * weight / this.most)];
    });
    this.cells.put();
  }

  move(reading, read) {
    const inside = (number) => Math.min(this.T - 1, Math.max(0, number));
    this.cell = [inside(reading), inside(read)];
    const [row, column] = this.cell;
    const part = 100 / this.T;
    this.at.style.cssText = `left:${column * part}%;top:${row * part}%;width:${part}%;`
      + `height:${part}%`;
  }

  cellAt(event) {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    return [Math.floor((event.clientY - top) / height * this.T),
      Math.floor((event.clientX - left) / width * this.T)];
  }
}

// A map by itself, on a scale of its own: a frame, one row of frames, or frames in rows.
class SmallMap {
  constructor(colours) {
    this.pixels = new Pixels(1, 1);
    this.colours = colours;
  }

  paint(view, map, { T, h, w }, { frame, place }) {
    const most = 255 * map.count / scaleTop(map);
    const colour = (weight) => this.colours[Math.min(255, Math.round(weight * most))];
    if (view === "time") {
      this.paintTiles([...Array(T).keys()], T, 1, 1, (t) => colour(map.patches[t * h * w + place]));
      this.pixels.canvas.style.aspectRatio = "4 / 1";
      return;
    }
    const frames = view === "space" ? [frame] : [...Array(T).keys()];
    const across = Math.min(frames.length, Math.ceil(Math.sqrt(2 * frames.length)));
    this.paintTiles(frames, across, h, w, (t, p) => colour(map.patches[t * h * w + p]));
    this.pixels.canvas.style.aspectRatio = "";
  }

  paintTiles(frames, across, h, w, colour) {
    const width = across * w;
    this.pixels.resize(width, Math.ceil(frames.length / across) * h);
    frames.forEach((frame, number) => {
      const [x, y] = [(number % across) * w, Math.floor(number / across) * h];
      for (let place = 0; place < h * w; place += 1) {
        const at = (y + Math.floor(place / w)) * width + x + (place % w);
        this.pixels.numbers[at] = colour(frame, place);
      }
    });
    this.pixels.put();
  }
}
