/* In every page of the benchmark: when something was clicked, when what it leads to was there, when sound began. */
(() => {
  "use strict";
  const state = { clicked: null, shown: null, pictured: null, playing: null, expected: null, forYou: null };

  const isVisible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.bottom > 0 && box.top < innerHeight && getComputedStyle(element).visibility !== "hidden";
  };

  /** The page has the address it should have, its heading is no longer the one before, and its parts are there. */
  function isThere() {
    const { path, parts, before } = state.expected;
    const heading = document.querySelector("#page h1");
    if (!heading || heading === before || !location.pathname.startsWith(path)) return false;
    return parts.every((part) => document.querySelector(part));
  }

  function picturesAreThere() {
    const pictures = [...document.querySelectorAll("#page img")].filter(isVisible);
    return pictures.every((picture) => picture.complete && picture.getAttribute("src"));
  }

  /** Once a frame: what is there before a frame is painted is shown with it. */
  function look() {
    if (state.expected && state.shown === null && isThere()) {
      state.shown = -1; /* the frame after the next call has it */
      requestAnimationFrame(() => setTimeout(() => (state.shown = performance.now())));
    }
    if (state.forYou === null && document.querySelector("#for-you .card[data-track]")) state.forYou = performance.now();
    if (state.shown > 0 && state.pictured === null && picturesAreThere()) state.pictured = performance.now();
    requestAnimationFrame(look);
  }

  document.addEventListener("click", (event) => (state.clicked = event.timeStamp), true);
  document.addEventListener("submit", (event) => (state.clicked = event.timeStamp), true);
  document.addEventListener("playing", () => (state.playing ??= performance.now()), true);
  requestAnimationFrame(look);

  window.probe = {
    expect(path, parts) {
      performance.clearResourceTimings();
      const before = document.querySelector("#page h1");
      Object.assign(state, { clicked: null, shown: null, pictured: null, playing: null, expected: { path, parts, before } });
    },
    state: () => ({ ...state, expected: null }),
    requests() {
      const all = performance.getEntriesByType("resource");
      const callbacks = all.filter((each) => each.name.includes("_dash-update-component"));
      return {
        requests: all.length,
        callbacks: callbacks.length,
        callback_ms: Math.max(0, ...callbacks.map((each) => each.responseEnd - each.requestStart)),
        bytes: all.reduce((sum, each) => sum + each.transferSize, 0),
        elements: document.querySelectorAll("*").length,
      };
    },
  };
})();
