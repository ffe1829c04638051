/* How tracks are played: all as loud as each other, and one into the next. Kept by the browser. */
(() => {
  "use strict";
  const { byId, decks, make } = window.spotistream;

  const LONGEST_S = 12;

  /** A box to tick with its words, in an element that is there. */
  function checkbox(host, words, is, does) {
    const box = make("input", { type: "checkbox" });
    box.checked = is;
    box.addEventListener("change", () => does(box.checked));
    host.append(make("label", {}, box, make("span", {}, words)));
  }

  const secondsIn = (value) => (value > 0 ? `${value} s` : "off");

  function crossfade(host) {
    const { slider, fill } = window.spotistream.playerbar;
    const shown = make("span", { class: "figure" });
    const input = slider(make("div", { class: "slider" }), "Crossfade, seconds", LONGEST_S, 1);
    const show = (value) => {
      fill(input, value);
      input.setAttribute("aria-valuetext", secondsIn(value));
      shown.textContent = secondsIn(value);
    };
    input.addEventListener("input", () => {
      decks.set({ crossfadeS: Number(input.value) });
      show(Number(input.value));
    });
    host.append(make("span", {}, "Crossfade"), input.parentElement, shown);
    show(decks.settings().crossfadeS);
  }

  /** Once the decks are there. */
  function attach() {
    checkbox(byId("playback-levelled"), "All tracks equally loud", decks.settings().levelled, (levelled) => decks.set({ levelled }));
    crossfade(byId("playback-crossfade"));
  }

  window.spotistream.playback = { attach, checkbox };
})();
