/* The bar: its sliders and buttons, and what it shows of the player. */
(() => {
  "use strict";
  const app = window.spotistream; /* the queue and the rating are loaded after this file */
  const { byId, clock, decks, player, setProps } = app;

  const VOLUME_STEP = 0.05;

  let seek = null;
  let volumeSlider = null;
  let dragging = false;

  function track(entry) {
    setProps("player-title", { children: entry.title, href: `/track/${encodeURIComponent(entry.track)}` });
    setProps("player-artist", { children: entry.artist });
    setProps("player-cover", { src: `/cover/${encodeURIComponent(entry.track)}` });
    byId("player").classList.add("loaded");
  }

  function playing(is) {
    const button = byId("player-toggle");
    byId("player").classList.toggle("is-playing", is);
    button.setAttribute("aria-label", is ? "Pause" : "Play");
    button.title = is ? "Pause" : "Play";
  }

  /** A range input in the element with this id; Dash has none of its own that is as light. */
  function slider(host, label, max, step) {
    const input = document.createElement("input");
    Object.assign(input, { type: "range", min: 0, max, step, value: 0 });
    input.setAttribute("aria-label", label);
    host.append(input);
    return input;
  }

  function fill(input, value) {
    input.value = value;
    input.style.setProperty("--fill", `${(100 * value) / (Number(input.max) || 1)}%`);
  }

  function time(audio) {
    const total = Number.isFinite(audio.duration) ? audio.duration : 0;
    seek.max = total || 1;
    byId("seek-total").textContent = clock(total);
    if (dragging) return;
    fill(seek, audio.currentTime);
    seek.setAttribute("aria-valuetext", `${clock(audio.currentTime)} of ${clock(total)}`);
    byId("seek-now").textContent = clock(audio.currentTime);
  }

  function volume({ level, muted }) {
    const shown = muted ? 0 : level;
    fill(volumeSlider, shown);
    volumeSlider.setAttribute("aria-valuetext", `${Math.round(shown * 100)} percent`);
    const mute = byId("player-mute");
    mute.setAttribute("aria-pressed", String(muted));
    mute.title = muted ? "Sound on" : "Mute";
  }

  function wireSeek() {
    seek.addEventListener("input", () => {
      dragging = true;
      fill(seek, Number(seek.value));
      byId("seek-now").textContent = clock(seek.value);
    });
    seek.addEventListener("change", () => {
      dragging = false;
      player.seekTo(Number(seek.value));
    });
  }

  function wireButtons() {
    const click = (id, does) => byId(id).addEventListener("click", does);
    click("player-toggle", player.toggle);
    click("player-next", player.next);
    click("player-previous", player.previous);
    click("player-like", () => app.rating.like(player.current()));
    click("player-dislike", () => app.rating.dislike(player.current()));
    click("player-mute", decks.toggleMute);
    document.addEventListener("click", (event) => {
      const mode = event.target.closest("[data-mode]")?.dataset.mode;
      if (mode === "shuffle") app.queue.toggleShuffle();
      else if (mode === "repeat") app.queue.cycleRepeat();
    });
  }

  /** Once the frame of the page is there. */
  function attach() {
    seek = slider(byId("seek"), "Position in the track", 1, 0.1);
    volumeSlider = slider(byId("volume"), "Volume", 1, 0.01);
    volumeSlider.addEventListener("input", () => decks.setVolume(Number(volumeSlider.value)));
    wireSeek();
    wireButtons();
    time(decks.audio());
  }

  app.playerbar = {
    attach,
    track,
    playing,
    time,
    volume,
    slider,
    fill,
    volumeBy: (steps) => decks.setVolume(decks.volume().level + steps * VOLUME_STEP),
  };
})();
