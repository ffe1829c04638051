/* What the player bar and the cards show of the player. Draws what it is given and keeps nothing. */
(() => {
  "use strict";
  const { byId, setProps, clock } = window.spotistream;

  const pageOf = (track) => `/track/${encodeURIComponent(track)}`;
  const coverOf = (track) => `/cover/${encodeURIComponent(track)}`;

  function track(entry) {
    setProps("player-title", { children: entry.title, href: pageOf(entry.track) });
    setProps("player-artist", { children: entry.artist });
    setProps("player-cover", { src: coverOf(entry.track) });
    byId("player").classList.add("loaded");
  }

  /** Hearts: in the bar for the current track, on the page for the track it is about. */
  function likes(isLiked, current) {
    const hearts = [[byId("player-like"), current?.track]];
    document.querySelectorAll("[data-like]").forEach((heart) => hearts.push([heart, heart.dataset.like]));
    hearts.forEach(([heart, id]) => heart.setAttribute("aria-pressed", String(Boolean(id) && isLiked(id))));
  }

  /** Mark the cards of the track that is loaded, wherever they stand. */
  function current(entry, playing) {
    document.querySelectorAll("[data-track]").forEach((card) => {
      const is = card.dataset.track === entry?.track;
      card.classList.toggle("is-current", is);
      card.classList.toggle("is-playing", is && playing);
      verb(card.querySelector("[data-play]"), is && playing ? "Pause" : "Play");
    });
  }

  /** Only where it changes: the page is watched, and a change for nothing would be seen as one. */
  function verb(button, word) {
    if (!button || button.getAttribute("aria-label").startsWith(word)) return;
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/^(Play|Pause)/, word));
    const text = button.querySelector(".verb");
    if (text) text.textContent = word;
  }

  function playing(is) {
    const button = byId("player-toggle");
    byId("player").classList.toggle("is-playing", is);
    button.setAttribute("aria-label", is ? "Pause" : "Play");
    button.title = is ? "Pause" : "Play";
  }

  /** A range input in the element with this id; Dash has none of its own that is as light. */
  function slider(hostId, label, max, step) {
    const input = document.createElement("input");
    Object.assign(input, { type: "range", min: 0, max, step, value: 0 });
    input.setAttribute("aria-label", label);
    byId(hostId).append(input);
    return input;
  }

  function fill(input, value) {
    input.value = value;
    input.style.setProperty("--fill", `${(100 * value) / (Number(input.max) || 1)}%`);
  }

  function time(seek, audio, dragging) {
    const total = Number.isFinite(audio.duration) ? audio.duration : 0;
    seek.max = total || 1;
    byId("seek-total").textContent = clock(total);
    if (dragging) return;
    fill(seek, audio.currentTime);
    seek.setAttribute("aria-valuetext", `${clock(audio.currentTime)} of ${clock(total)}`);
    byId("seek-now").textContent = clock(audio.currentTime);
  }

  function dragged(seek) {
    fill(seek, Number(seek.value));
    byId("seek-now").textContent = clock(seek.value);
  }

  function volume(input, audio) {
    const level = audio.muted ? 0 : audio.volume;
    fill(input, level);
    input.setAttribute("aria-valuetext", `${Math.round(level * 100)} percent`);
    byId("player-mute").setAttribute("aria-pressed", String(audio.muted));
  }

  window.spotistream.view = { track, likes, current, playing, slider, time, dragged, volume };
})();
