// The visitor's own clip, in the memory of this page alone. The server deletes its file once frames
// are read from it: so the preview plays from here, and where the server wants other frames the clip
// is sent again, to where it was, and what was pressed is pressed again.
let own = null; // {file, path, upload, preview, leaving, coming, pressed}
const AGAIN = 2; // times for one press

const fetchPlainly = window.fetch.bind(window);

function keepOwn(file, path, upload) {
  dropOwn();
  const preview = URL.createObjectURL(file);
  own = { file, path, upload, preview, leaving: new AbortController(), coming: null, pressed: 0 };
}

function dropOwn() {
  own?.leaving.abort();
  if (own) URL.revokeObjectURL(own.preview);
  own = null;
}

// Sends the clip again, once for all who want it now; whether it is there.
function sendOwn() {
  const { file, path, upload, leaving } = own;
  own.coming ??= (async () => {
    const form = new FormData();
    form.append("files", file, file.name);
    const where = `${upload}?${new URLSearchParams({ again: path })}`;
    const { signal } = leaving;
    const answer = await fetchPlainly(where, { method: "POST", body: form, signal })
      .catch(() => null); // it was deleted meanwhile, or its file changed on this device
    if (own?.path === path) own.coming = null;
    return Boolean(answer?.ok);
  })();
  return own.coming;
}

const pathsIn = (body) => (own && typeof body === "string" && body.includes(
  JSON.stringify(own.path),
));

// Gradio sends files and presses by fetch.
window.fetch = async (where, options) => {
  const answer = await fetchPlainly(where, options);
  const [place] = String(where).split("?");
  if (place.endsWith("/gradio_api/upload") && answer.ok) {
    const [path] = await answer.clone().json();
    keepOwn(options.body.get("files"), path, place);
  }
  const gone = answer.status === 410 && pathsIn(options?.body);
  return gone && await sendOwn() ? fetchPlainly(where, options) : answer;
};

// The server has other frames of the clip than those that are wanted.
async function pressAgain({ dataset }) {
  const { again, gone } = dataset;
  for (const line of document.querySelectorAll("[data-again]")) delete line.dataset.again;
  if (own) own.pressed += 1;
  if (own?.pressed <= AGAIN && await sendOwn()) {
    document.getElementById(again).click();
    return;
  }
  for (const line of document.querySelectorAll("[data-gone]")) {
    line.setAttribute("role", "alert");
    line.textContent = gone;
  }
}
document.addEventListener("click", ({ isTrusted }) => {
  if (own && isTrusted) own.pressed = 0;
}, true);

// Where the preview plays from the server, it is of a file that is soon gone.
function playOwn() {
  if (!own) return;
  const [folder] = own.path.split(/[\\/]/).slice(-2);
  for (const video of document.querySelectorAll("#clip video")) {
    if (video.src.includes(folder)) video.src = own.preview;
  }
}

new MutationObserver(() => {
  const line = document.querySelector("#status [data-again]");
  if (line) pressAgain(line);
  playOwn();
}).observe(document, {
  childList: true, subtree: true, attributes: true, attributeFilter: ["src", "data-again"],
});
Object.assign(window, { dropOwn }); // for Gradio
