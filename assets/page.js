// What Gradio leaves unsaid: why a camera did not open, that a clip without a preview is read all
// the same, and what each example shows.
let cameraAsked = false;

function say(sentence, role) {
  const line = document.querySelector("#status .status");
  line.setAttribute("role", role);
  line.querySelector("span").textContent = sentence;
}

document.addEventListener("click", (event) => {
  if (!event.target.closest('#clip button, #clip [title="grant webcam access"]')) return;
  cameraAsked = true;
  if (event.target.closest('[aria-label="Capture from camera"]') && !navigator.mediaDevices) {
    say(barWords().camera.insecure, "alert");
  }
});
window.addEventListener("unhandledrejection", (event) => {
  const sentence = barWords().camera[event.reason?.name];
  if (cameraAsked && sentence) say(sentence, "alert");
});

function withoutPreview(toast) {
  const clip = document.querySelector("#clip");
  if (!/not playable/i.test(toast.textContent) || !clip) return;
  toast.remove();
  clip.setAttribute("data-note", barWords().noPreview);
}

const placeOf = (button) => [...button.parentElement.children].indexOf(button);

function nameExample(button) {
  const { title } = barWords().examples[placeOf(button)];
  button.title = title;
  button.setAttribute("aria-label", title);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("#examples .gallery-item");
  if (!button) return;
  dropOwn();
  chose({ clip: barWords().examples[placeOf(button)].name });
});

new MutationObserver(() => {
  document.querySelectorAll("#examples .gallery-item:not([title])").forEach(nameExample);
  document.querySelectorAll(".toast-body").forEach(withoutPreview);
  document.querySelectorAll(".empty[aria-label]").forEach((empty) => { empty.role = "img"; });
}).observe(document, { childList: true, subtree: true });
document.addEventListener("loadeddata", (event) => {
  event.target.closest("#clip")?.removeAttribute("data-note");
}, true);

// Gradio turns away what the system does not call a video: GIFs, and .MOV on some computers. And it
// stores the same file of two visitors once, which one of them may delete: so each has its own name.
function asVideo(file) {
  const type = file.type.startsWith("video/") ? file.type : "video/mp4";
  return new File([file], `${Math.random().toString(36).slice(2)}-${file.name}`, { type });
}
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.closest("#clip")) return;
  const chosen = new DataTransfer();
  for (const file of input.files) chosen.items.add(asVideo(file));
  input.files = chosen.files;
}, true);

// The slider of frozen frames shows what is said of one of them.
document.addEventListener("input", ({ target }) => {
  const frozen = target.type === "range" && target.closest(".frozen");
  if (!frozen) return;
  for (const panel of frozen.querySelectorAll("[data-frame]")) {
    panel.hidden = panel.dataset.frame !== target.value;
    if (!panel.hidden) target.setAttribute("aria-valuetext", panel.dataset.words);
  }
  for (const bar of frozen.querySelectorAll("[data-bar]")) {
    bar.classList.toggle("chosen", bar.dataset.bar === target.value);
  }
});

// The explorer comes as a section of the page, and as a file of what it computes with.
window.explorer = null; // until there is one; a browser would give the element of that id
const numbersAsked = {};
const addressesGiven = {};

function askPart(part, number) {
  numbersAsked[part] = number;
  document.querySelector(`#fetch-${part}`).click();
}

const bytesOf = async (file) => {
  const answer = file?.url && await fetch(file.url).catch(() => null);
  return answer?.ok ? answer.arrayBuffer() : null;
};

// The new section; null where there is none, or the same answer was given again.
async function explorerSection() {
  for (let tries = 0; tries < 50; tries += 1) {
    const section = document.querySelector("#explorer .explorer:not([data-mounted])");
    if (section) return section;
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  return null;
}

let openings = 0; // the latest alone counts

async function openExplorer(file) {
  const opening = openings += 1;
  const section = await explorerSection();
  const numbers = section && JSON.parse(section.dataset.explorer).whole ? file : null; // else a part
  const buffer = await bytesOf(numbers);
  if (opening !== openings) return;
  if (section?.isConnected) {
    window.explorer = mountExplorer(section, { buffer, ask: askPart, changed: tellExplored });
    if (numbers && !buffer) window.explorer.give(null);
  } else if (!window.explorer?.section.isConnected) {
    window.explorer = null;
    return;
  }
  document.dispatchEvent(new CustomEvent("explorer:ready"));
  tellExplored();
}

// Without a new file the status says why, or the page asks again by itself; each has its own name.
async function givePart(part, file) {
  const isNew = file && file.url !== addressesGiven[part];
  addressesGiven[part] = file?.url;
  const buffer = isNew ? await bytesOf(file) : null;
  if (!window.explorer) return;
  window.explorer.waitFor(part, false);
  if (isNew) window.explorer.give(buffer);
  tellExplored();
}

Object.assign(window, { openExplorer, givePart, wantedPart: (part) => numbersAsked[part] }); // for Gradio
