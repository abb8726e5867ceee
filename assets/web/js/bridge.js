// The bridge to the server: Gradio's events, which the page triggers, and the answers that come.

import { countStart, markStop } from "./request.js";

/**
 * @typedef {object} Bridge
 * @property {(event: string) => void} trigger
 * @property {(name: string, onChange: () => void) => void} watch
 * @property {{value: unknown}} props
 */

/** @type {Bridge | null} */
let bridge = null;
/** @type {string[]} */
let pending = []; // events from before Gradio's page was there
/** @type {(answer: any) => void} */
let onAnswer = () => {};

/**
 * Receive answers with a function.
 * @param {(answer: any) => void} receive
 */
export function receiveAnswers(receive) {
  onAnswer = receive;
}

/**
 * Connect to Gradio's component of that name; it calls this once it stands.
 * @param {Bridge} component
 */
export function connect(component) {
  bridge = component;
  component.watch("value", () => {
    if (component.props.value) onAnswer(component.props.value);
  });
  for (const event of pending) component.trigger(event);
  pending = [];
}

/**
 * Trigger an event of the page, now or once Gradio's page is there.
 * @param {string} event
 */
export function trigger(event) {
  if (event === "stop") markStop();
  else countStart();
  document.dispatchEvent(new CustomEvent("event:triggered"));
  if (bridge) bridge.trigger(event);
  else pending = [...pending.filter((other) => other !== event), event];
}
