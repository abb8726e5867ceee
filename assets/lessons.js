// The page's state in its address, the lessons that are such addresses, and the tour.
const EXPLORED = ["view", "block", "head", "frame", "row", "column"];
const CHOSEN = ["clip", "model", "heatmap", "label", "than"];
const bar = () => document.querySelector("nav.bar");
const barWords = () => JSON.parse(bar().dataset.words);

const ADDRESS_REST = 250; // milliseconds without a change before the address follows the explorer
let unwritten = null; // the state that the address is still to have
let addressDue;

const addressState = () => (
  unwritten ?? Object.fromEntries(new URLSearchParams(location.hash.slice(1)))
);

// Changes the state in the address, `soon` or at once: browsers let it change some times a second.
function writeState(changes, { soon = false } = {}) {
  unwritten = { ...addressState(), ...changes };
  clearTimeout(addressDue);
  if (soon) addressDue = setTimeout(writeAddress, ADDRESS_REST);
  else writeAddress();
}

function writeAddress() {
  if (!unwritten) return;
  const state = Object.entries(unwritten).filter(([, value]) => value);
  unwritten = null;
  const hash = new URLSearchParams(state).toString().replaceAll("%2C", ",");
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
}
window.addEventListener("pagehide", writeAddress);

let wanted = null; // what is still to be done once the answer is there

// What Gradio's components were set to; called by their own events.
function chose(changes) {
  if ("clip" in changes) wanted = null; // somebody took another clip than a link did
  writeState(changes);
}

function showPanels({ hide = "", guess = "", large = "", lesson = "" }) {
  document.body.dataset.hide = hide.replaceAll(",", " ");
  document.body.classList.toggle("guess", Boolean(guess));
  document.body.classList.toggle("large", Boolean(large));
  document.querySelector('[data-do="large"]').setAttribute("aria-pressed", Boolean(large));
  for (const box of document.querySelectorAll("input[data-hide]")) {
    box.checked = hide.split(",").includes(box.dataset.hide);
  }
  for (const article of document.querySelectorAll("article.lesson")) {
    article.hidden = article.id !== `lesson-${lesson}`;
    article.querySelector('[data-do="reveal"]').hidden = !guess;
  }
}

function openState(state, { scroll }) {
  showPanels(state);
  wanted = { ...state, scroll };
  if (state.clip) dropOwn();
  const shown = document.querySelector(".lesson:not([hidden])");
  if (shown && scroll) {
    shown.focus({ preventScroll: true });
    shown.scrollIntoView({ block: "start" });
  }
  if (CHOSEN.some((key) => state[key])) document.querySelector("#open").click();
  else if (window.explorer) finishOpening();
}

// What the hidden button sends to Python.
const wantedChoices = () => JSON.stringify(Object.fromEntries(
  CHOSEN.map((key) => [key, wanted?.[key] ?? null])
));

function finishOpening() {
  if (!wanted) return;
  const { scroll, show, ...state } = wanted;
  wanted = null;
  const explored = EXPLORED.filter((key) => state[key]);
  if (explored.length) {
    const asNumber = (value) => (/^\d+$/.test(value) ? Number(value) : value);
    window.explorer.show(Object.fromEntries(explored.map((key) => [key, asNumber(state[key])])));
  }
  const pressed = buttonOf(state.try);
  pressed?.click();
  const tried = pressed && (state.try === "check" ? "checked" : "trials");
  const place = show ?? tried ?? (explored.length ? "explorer" : null);
  if (scroll && place) showPlace(document.querySelector(`#${CSS.escape(place)}`));
}

// The button of an experiment, or of the check, and of nothing else.
function buttonOf(name) {
  const buttons = [...document.querySelectorAll("#tries button, #check")];
  return buttons.find(({ id }) => id === `try-${name}` || (id === "check" && name === "check"));
}

function showPlace(place) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  place?.closest("details")?.setAttribute("open", "");
  place?.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
}

document.addEventListener("explorer:ready", finishOpening);
document.addEventListener("explorer:changed", () => {
  if (wanted) return;
  const { state } = window.explorer;
  writeState(Object.fromEntries(EXPLORED.map((key) => [key, String(state[key])])), { soon: true });
});
window.addEventListener("hashchange", () => {
  unwritten = null; // another address was asked for
  openState(addressState(), { scroll: true });
});

const deeds = {
  tour: () => startTour(),
  lessons: () => showPlace(document.querySelector("#lessons")),
  large: () => {
    writeState({ large: addressState().large ? "" : "1" });
    showPanels(addressState());
  },
  reveal: () => {
    writeState({ guess: "" });
    showPanels(addressState());
  },
  again: () => {
    const { lesson, hide = "", large = "" } = addressState();
    const start = document.querySelector(`#lessons a[href^="#lesson=${CSS.escape(lesson)}&"]`);
    unwritten = Object.fromEntries(new URLSearchParams(start.hash.slice(1)));
    writeState({ hide, large });
    openState(addressState(), { scroll: true });
  },
  leave: () => {
    wanted = null;
    writeState({ lesson: "", guess: "", try: "", show: "" });
    showPanels(addressState());
  },
  copy: async (button) => {
    const { copied, ownClip, uncopied } = barWords();
    const said = button.parentElement.querySelector("output");
    writeAddress();
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = addressState().clip ? copied : ownClip;
    } catch {
      said.textContent = uncopied;
    }
  },
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) deeds[button.dataset.do]?.(button);
});
document.addEventListener("click", (event) => { // another language, the same state
  const link = event.target.closest(".languages a");
  if (!link) return;
  writeAddress();
  link.hash = location.hash;
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("input[data-hide]")) return;
  const boxes = [...document.querySelectorAll("input[data-hide]:checked")];
  writeState({ hide: boxes.map((box) => box.dataset.hide).join(",") });
  showPanels(addressState());
});

// The tour: a card at the foot of the window, and an outline around what it speaks of.
function startTour() {
  const stops = JSON.parse(bar().dataset.stops).filter(([place]) => {
    const target = document.querySelector(place);
    return target && target.offsetParent !== null;
  });
  const words = barWords();
  const card = document.createElement("dialog");
  card.className = "tour";
  card.innerHTML = '<p class="count"></p><h2></h2><p class="says" aria-live="polite"></p>'
    + '<div><button data-step="-1"></button><button data-step="1"></button>'
    + '<button data-step="0"></button></div>';
  const [back, next, end] = card.querySelectorAll("button");
  [back.textContent, next.textContent, end.textContent] = [words.back, words.next, words.end];
  let at = 0;
  const toured = () => document.querySelector(stops[at][0]);
  const goTo = (number) => {
    toured().classList.remove("toured");
    at = number;
    const [, title, says] = stops[at];
    toured().classList.add("toured");
    showPlace(toured());
    card.querySelector("h2").textContent = title;
    card.querySelector(".says").textContent = says;
    card.querySelector(".count").textContent = words.stop
      .replace("{number}", at + 1).replace("{count}", stops.length);
    back.disabled = at === 0;
    next.disabled = at === stops.length - 1;
    if (next.disabled) end.focus(); // a button that cannot be pressed loses the keyboard
  };
  card.addEventListener("click", (event) => {
    const step = event.target.closest("button")?.dataset.step;
    if (step === "0") card.close();
    else if (step) goTo(at + Number(step));
  });
  card.addEventListener("keydown", (event) => {
    if (event.key === "Escape") card.close();
  });
  card.addEventListener("close", () => {
    toured().classList.remove("toured");
    card.remove();
    document.querySelector('[data-do="tour"]').focus();
  });
  document.body.append(card);
  card.show();
  goTo(0);
  next.focus();
}

Object.assign(window, { chose, wantedChoices }); // for Gradio's events

// The page as its address wants it, as soon as it stands.
new MutationObserver((_, observer) => {
  if (!bar() || !document.querySelector("#open") || !document.querySelector("#lessons a")) return;
  observer.disconnect();
  document.documentElement.lang = bar().lang;
  openState(addressState(), { scroll: false });
}).observe(document, { childList: true, subtree: true });
