// What Gradio leaves unsaid: why a camera did not open, and what each example shows.
const words = window.PAGE_WORDS;

function cameraHelp(reason) {
  const line = document.querySelector("#status .status");
  if (words.camera[reason] && line) {
    line.setAttribute("role", "alert");
    line.querySelector("span").textContent = words.camera[reason];
  }
}
window.addEventListener("unhandledrejection", (event) => cameraHelp(event.reason?.name));
document.addEventListener("click", (event) => {
  if (event.target.closest('[aria-label="Capture from camera"]') && !navigator.mediaDevices) {
    cameraHelp("insecure");
  }
});

new MutationObserver(() => {
  document.querySelectorAll("#examples .gallery-item:not([title])").forEach((button) => {
    const place = [...button.parentElement.children].indexOf(button);
    button.title = words.examples[place];
    button.setAttribute("aria-label", words.examples[place]);
  });
}).observe(document, { childList: true, subtree: true });
