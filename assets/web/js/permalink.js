// The page's state in its address, behind the "#".

const TAB = { isTab: true }; // an entry of the history
const SOON_MS = 250; // browsers limit how often a script changes the address

/** @typedef {Record<string, string>} State */

/** @type {State | null} */
let pending = null; // the state that the address still has to get
/** @type {number | undefined} */
let timer;

/**
 * Return the state that is written behind a "#".
 * @param {string} hash
 * @returns {State}
 */
export function parseHash(hash) {
  return Object.fromEntries(new URLSearchParams(hash.slice(1)));
}

/** Return the page's state. */
export function readState() {
  return pending ?? parseHash(location.hash);
}

/**
 * Change the page's state and its address; an empty value removes a name.
 * @param {State} changes
 * @param {{soon?: boolean}} [options] `soon` gathers changes of a quarter of a second
 */
export function writeState(changes, { soon = false } = {}) {
  replaceState({ ...readState(), ...changes }, { soon });
}

/**
 * Replace the page's state and its address.
 * @param {State} state
 * @param {{soon?: boolean}} [options]
 */
export function replaceState(state, { soon = false } = {}) {
  pending = state;
  clearTimeout(timer);
  if (soon) timer = setTimeout(flushState, SOON_MS);
  else flushState();
}

/**
 * Return a state as it stands behind the "#".
 * @param {State} state
 */
export function formatHash(state) {
  const entries = Object.entries(state).filter(([, value]) => value);
  return new URLSearchParams(entries).toString().replaceAll("%2C", ",");
}

/** Write pending changes to the address now. */
export function flushState() {
  if (!pending) return;
  history.replaceState(history.state, "", addressOf(pending));
  pending = null;
}

/**
 * Add a tab to the history, from the one that is open.
 * @param {string} show name of the tab in links
 */
export function pushTab(show) {
  const state = { ...readState(), show, try: "" };
  flushState();
  history.replaceState(TAB, "");
  history.pushState(TAB, "", addressOf(state));
}

/** @param {State} state */
function addressOf(state) {
  const hash = formatHash(state);
  return hash ? `#${hash}` : location.pathname + location.search;
}

/**
 * Call a function with the new state when the visitor follows a link or goes back. Between two
 * tabs of the history, only the tab changes.
 * @param {(state: State, isTab: boolean) => void} onNavigate
 */
export function startPermalink(onNavigate) {
  window.addEventListener("pagehide", flushState);
  window.addEventListener("hashchange", () => {
    pending = null;
    onNavigate(readState(), Boolean(history.state?.isTab));
  });
}
