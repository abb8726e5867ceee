// Says in a sentence why the camera did not open; Gradio itself stays silent.
function cameraHelp(reason) {
  const words = window.CAMERA_HELP[reason];
  const line = document.querySelector("#status .status");
  if (words && line) {
    line.setAttribute("role", "alert");
    line.querySelector("span").textContent = words;
  }
}
window.addEventListener("unhandledrejection", (event) => cameraHelp(event.reason?.name));
document.addEventListener("click", (event) => {
  if (event.target.closest('[aria-label="Capture from camera"]') && !navigator.mediaDevices) {
    cameraHelp("insecure");
  }
});
