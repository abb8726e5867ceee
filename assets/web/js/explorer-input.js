// Pointer and keyboard of the explorer: look at a patch, choose it, mask it.

/** @typedef {import("./explorer.js").Explorer} Explorer */

/** @type {Record<string, Record<string, number>>} */
const STEPS = {
  ArrowUp: { row: -1 }, ArrowDown: { row: 1 }, ArrowLeft: { column: -1 }, ArrowRight: { column: 1 },
  PageUp: { frame: -1 }, PageDown: { frame: 1 }, ",": { frame: -1 }, ".": { frame: 1 },
};

/**
 * Follow a pointer over a frame: hovering previews a patch, a press chooses it. While masking is
 * on, a press or a stroke masks patches instead.
 * @param {Explorer} explorer
 * @param {import("./frame-heatmap.js").FrameHeatmap} picture
 * @param {() => number} frameOf the frame that the picture shows
 */
export function followPointer(explorer, picture, frameOf) {
  const { element } = picture;
  const patchAt = (/** @type {number} */ position) => frameOf() * explorer.N + position;
  const leave = () => {
    explorer.mask.endStroke();
    explorer.previewPatch(null);
  };
  element.addEventListener("pointermove", (event) => {
    const position = picture.positionAt(event);
    if (position === null) return;
    explorer.mask.continueStroke(patchAt(position));
    explorer.previewPatch({ frame: frameOf(), position });
  });
  element.addEventListener("pointerdown", (event) => {
    const position = picture.positionAt(event);
    if (!explorer.mask.isActive || position === null) return;
    explorer.mask.startStroke(patchAt(position));
    explorer.draw();
  });
  element.addEventListener("pointerup", (event) => {
    const [position, wasMasking] = [picture.positionAt(event), explorer.mask.endStroke()];
    if (wasMasking || event.button !== 0 || position === null) return;
    explorer.choosePatch({ frame: frameOf(), position });
  });
  element.addEventListener("pointerleave", leave);
  element.addEventListener("pointercancel", leave);
}

/**
 * Move the chosen patch by a key, or mask it with the space key.
 * @param {Explorer} explorer
 * @param {KeyboardEvent} event
 */
export function pressKey(explorer, event) {
  const { state, mask, shown: { choice } } = explorer;
  const [step] = Object.entries(STEPS[event.key] ?? {});
  if (step) {
    const [name, by] = step;
    explorer.show({ [name]: state[/** @type {"frame" | "row" | "column"} */ (name)] + by });
  } else if (event.key === " " && mask.isActive) {
    mask.flip(choice.frame * explorer.N + choice.position);
    explorer.draw();
  } else {
    return;
  }
  event.preventDefault();
}
