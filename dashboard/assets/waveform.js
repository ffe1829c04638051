/* The waveform on a track page: shows what has been played; a click, a drag or the arrow keys go to a place in it.
   And pictures further down the page, which are loaded when they are near. */
(() => {
  "use strict";
  const app = window.spotistream;
  const { byId, clock } = app;

  const STEP_S = 5; /* of an arrow key */

  let dragging = null; /* the slider that is being moved */

  /** How far along its stretch of the track a slider stands, as the picture under it. */
  function fill(slider) {
    const [start, end] = [Number(slider.min), Number(slider.max)];
    const share = (Number(slider.value) - start) / (end - start);
    slider.parentElement.style.setProperty("--played", `${100 * Math.min(Math.max(share, 0), 1)}%`);
    slider.setAttribute("aria-valuetext", `${clock(slider.value)} of ${clock(end)}`);
  }

  function follow(slider) {
    if (slider === dragging) return;
    slider.value = app.player.positionIn(slider.parentElement.dataset.waveform);
    fill(slider);
  }

  const followAll = () => document.querySelectorAll("[data-waveform] input").forEach(follow);

  function equip(box) {
    const slider = document.createElement("input");
    const { start, end, title } = box.dataset;
    Object.assign(slider, { type: "range", min: start, max: end, step: STEP_S / 50, value: start });
    slider.setAttribute("aria-label", `Position in ${title}`);
    slider.addEventListener("input", () => {
      dragging = slider;
      fill(slider);
    });
    slider.addEventListener("change", () => {
      dragging = null;
      app.player.playFrom(box.closest("[data-track]"), Number(slider.value));
    });
    slider.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!steps) return;
      event.preventDefault(); /* the browser's own step would be one pixel's worth */
      slider.value = Number(slider.value) + steps * STEP_S;
      slider.dispatchEvent(new Event("change"));
    });
    box.append(slider);
    follow(slider);
  }

  function loadWhenNear(picture) {
    picture.loading = "lazy";
    picture.src = picture.dataset.lazy;
  }

  /** After the page has changed. */
  function refresh() {
    document.querySelectorAll("[data-waveform]:not(:has(input))").forEach(equip);
    document.querySelectorAll("img[data-lazy]:not([src])").forEach(loadWhenNear);
  }

  /** Once the frame of the page is there. */
  function attach() {
    ["timeupdate", "seeking", "emptied"].forEach((name) => byId("player").addEventListener(name, followAll, true));
    refresh();
  }

  window.spotistream.waveform = { attach, refresh };
})();
