// A page to take along: its explorer gets its numbers from the page itself.
function bytesInside(element) {
  const coded = atob(element.textContent);
  const bytes = new Uint8Array(coded.length);
  for (let i = 0; i < coded.length; i += 1) bytes[i] = coded.charCodeAt(i);
  return bytes.buffer;
}

window.explorer = mountExplorer(document.querySelector(".explorer"), {
  buffer: bytesInside(document.querySelector("#queries")), changed: tellExplored,
});
tellExplored();
