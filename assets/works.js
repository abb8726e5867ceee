// The foot of the page: a link to a step shows that step, and the BibTeX entry is copied.
let drawingOpen = false;
document.addEventListener("toggle", ({ target }) => {
  if (target.id === "drawing") drawingOpen = target.open;
}, true);

// Another model is another drawing: it stays open where the last one was.
new MutationObserver(() => {
  const drawing = document.querySelector("#drawing:not([data-known])");
  if (!drawing) return;
  drawing.dataset.known = "";
  drawing.open = drawingOpen;
}).observe(document, { childList: true, subtree: true });

function aimAt(name) {
  const step = document.querySelector(`#works-${name}`) ?? document.querySelector("#works-space");
  const said = document.querySelector(`#drawing li.of-${step?.id.replace("works-", "")}`);
  if (!said) return;
  step.closest("details").open = true;
  document.querySelectorAll("#drawing .aimed").forEach((old) => old.classList.remove("aimed"));
  for (const part of [step, said]) part.classList.add("aimed");
  said.focus({ preventScroll: true });
  step.scrollIntoView({ block: "center" });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#works-"]');
  if (!link) return;
  event.preventDefault(); // the address holds the page's state
  aimAt(link.hash.replace("#works-", ""));
});

document.addEventListener("click", async ({ target }) => {
  const button = target.closest(".cite button");
  if (!button) return;
  const entry = button.previousElementSibling;
  getSelection().selectAllChildren(entry);
  await navigator.clipboard?.writeText(entry.textContent);
  if (navigator.clipboard) button.textContent = button.dataset.copied;
});
