// What Gradio leaves unsaid: why a camera did not open, that a clip without a preview is read all
// the same, and what each example shows.
const words = window.PAGE_WORDS;
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
    say(words.camera.insecure, "alert");
  }
});
window.addEventListener("unhandledrejection", (event) => {
  const sentence = words.camera[event.reason?.name];
  if (cameraAsked && sentence) say(sentence, "alert");
});

function withoutPreview(toast) {
  const clip = document.querySelector("#clip");
  if (!/not playable/i.test(toast.textContent) || !clip) return;
  toast.remove();
  clip.setAttribute("data-note", words.noPreview);
}

function nameExample(button) {
  const title = words.examples[[...button.parentElement.children].indexOf(button)];
  button.title = title;
  button.setAttribute("aria-label", title);
}

new MutationObserver(() => {
  document.querySelectorAll("#examples .gallery-item:not([title])").forEach(nameExample);
  document.querySelectorAll(".toast-body").forEach(withoutPreview);
}).observe(document, { childList: true, subtree: true });
document.addEventListener("loadeddata", (event) => {
  event.target.closest("#clip")?.removeAttribute("data-note");
}, true);

// Gradio turns away what the system does not call a video: GIFs, and .MOV on some computers.
function asVideo(file) {
  return file.type.startsWith("video/") ? file : new File([file], file.name, { type: "video/mp4" });
}
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.closest("#clip")) return;
  const chosen = new DataTransfer();
  for (const file of input.files) chosen.items.add(asVideo(file));
  input.files = chosen.files;
}, true);
