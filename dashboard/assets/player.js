/* The player: one audio element that lives as long as the page frame, and the bar that drives it. */
(() => {
  "use strict";
  const app = window.spotistream; /* the queue is loaded after this file */
  const { byId, setProps, clock, toast, read, write, listen } = app;

  const RESTART_S = 3; /* "previous" goes to the start first */
  const STEP_S = 5;
  const VOLUME_STEP = 0.05;
  const MAX_FAILURES = 3;
  const NEXT_AFTER_FAILURE_MS = 1500;
  const RECENT = 12;

  let userId = null;
  let current = null; /* the entry of the queue that is loaded */
  let now = null; /* its listen */
  let failures = 0;
  let dragging = false;

  const audio = () => byId("audio");
  const coverOf = (track) => `/cover/${encodeURIComponent(track)}`;
  const pageOf = (track) => `/track/${encodeURIComponent(track)}`;

  function load(entry) {
    now?.skip();
    current = entry;
    now = listen.create(userId, entry);
    const element = audio();
    element.src = `/media/${encodeURIComponent(entry.track)}`;
    showTrack(entry);
    element.play().catch((error) => {
      /* NotAllowedError: the browser wants a click first. AbortError: another track was chosen meanwhile. */
      if (error.name === "NotAllowedError") toast("Press play to start");
    });
  }

  function play(entry) {
    if (current) app.queue.leave(current);
    load(entry);
  }

  function toggle() {
    const element = audio();
    if (!current) {
      const entry = app.queue.upcoming();
      if (entry) play(entry);
      else toast("Pick a track to start");
    } else if (now.isOver()) load(current);
    else if (element.paused) element.play().catch(() => toast("This track cannot be played"));
    else element.pause();
  }

  function next() {
    const entry = app.queue.next(current);
    if (entry) play(entry);
    else {
      now?.skip();
      audio().pause();
      toast("That was all there is for now");
    }
  }

  function previous() {
    const element = audio();
    const entry = element.currentTime > RESTART_S ? null : app.queue.previous();
    if (entry) load(entry);
    else element.currentTime = 0;
  }

  function like() {
    if (!current) return;
    const liked = listen.toggleLike(userId, current, now?.sessionId);
    toast(liked ? `You like ${current.title}` : `${current.title} is no longer liked`);
    showLikes();
  }

  function seekTo(seconds) {
    const element = audio();
    if (current && Number.isFinite(element.duration)) {
      element.currentTime = Math.min(Math.max(seconds, 0), element.duration);
    }
  }

  function setVolume(level) {
    const element = audio();
    element.volume = Math.min(Math.max(level, 0), 1);
    element.muted = false;
    write("volume", element.volume);
  }

  /* What is seen */

  function showTrack(entry) {
    setProps("player-title", { children: entry.title, href: pageOf(entry.track) });
    setProps("player-artist", { children: entry.artist });
    setProps("player-cover", { src: coverOf(entry.track), alt: "" });
    byId("player").classList.add("loaded");
    showLikes();
    showCurrent();
  }

  function showLikes() {
    const buttons = [[byId("player-like"), current?.track]];
    document.querySelectorAll("[data-like]").forEach((button) => buttons.push([button, button.dataset.like]));
    buttons.forEach(([button, track]) => {
      if (button) button.setAttribute("aria-pressed", String(Boolean(track) && listen.likes(userId, track)));
    });
  }

  /** Mark the cards of the track that is loaded, wherever they stand. */
  function showCurrent() {
    const playing = current && !audio().paused;
    document.querySelectorAll("[data-track]").forEach((card) => {
      const is = card.dataset.track === current?.track;
      card.classList.toggle("is-current", is);
      card.classList.toggle("is-playing", Boolean(is && playing));
    });
  }

  function showPlaying() {
    const playing = !audio().paused;
    const button = byId("player-toggle");
    byId("player").classList.toggle("is-playing", playing);
    button.setAttribute("aria-label", playing ? "Pause" : "Play");
    button.title = playing ? "Pause" : "Play";
    showCurrent();
  }

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

  function showTime(seek) {
    const element = audio();
    const total = Number.isFinite(element.duration) ? element.duration : 0;
    seek.max = total || 1;
    if (!dragging) fill(seek, element.currentTime);
    seek.setAttribute("aria-valuetext", `${clock(element.currentTime)} of ${clock(total)}`);
    byId("seek-now").textContent = clock(element.currentTime);
    byId("seek-total").textContent = clock(total);
  }

  function showVolume(volume) {
    const element = audio();
    fill(volume, element.muted ? 0 : element.volume);
    byId("player-mute").setAttribute("aria-pressed", String(element.muted));
  }

  /* What happens */

  function onError() {
    if (!current || !audio().error) return;
    const kind = current.format ? ` (${current.format})` : "";
    const gone = audio().error.code === MediaError.MEDIA_ERR_NETWORK;
    toast(gone ? `${current.title} could not be loaded` : `This browser cannot play ${current.title}${kind}`);
    failures += 1;
    if (failures < MAX_FAILURES) {
      const failed = current;
      app.queue.played(failed);
      setTimeout(() => current === failed && next(), NEXT_AFTER_FAILURE_MS);
    }
  }

  function onPlaying() {
    failures = 0;
    app.queue.played(current);
    now.start();
    const recent = [current.track, ...read("recent", []).filter((track) => track !== current.track)].slice(0, RECENT);
    write("recent", recent);
    showPlaying();
  }

  function wireAudio(element, seek, volume) {
    const on = (name, does) => element.addEventListener(name, does);
    on("playing", onPlaying);
    on("pause", showPlaying);
    on("play", showPlaying);
    on("error", onError);
    on("seeking", () => now?.jumpTo(element.currentTime));
    on("timeupdate", () => {
      if (!element.seeking) now?.at(element.currentTime);
      showTime(seek);
    });
    on("durationchange", () => showTime(seek));
    on("volumechange", () => showVolume(volume));
    on("ended", () => {
      now.at(element.duration);
      now.complete();
      next();
    });
  }

  function wireBar(seek, volume) {
    const click = (id, does) => byId(id).addEventListener("click", does);
    click("player-toggle", toggle);
    click("player-next", next);
    click("player-previous", previous);
    click("player-like", like);
    click("player-mute", () => (audio().muted = !audio().muted));
    seek.addEventListener("input", () => {
      dragging = true;
      fill(seek, Number(seek.value));
      byId("seek-now").textContent = clock(seek.value);
    });
    seek.addEventListener("change", () => {
      dragging = false;
      seekTo(Number(seek.value));
    });
    volume.addEventListener("input", () => setVolume(Number(volume.value)));
  }

  /** Once the frame of the page is there. */
  function attach() {
    const seek = slider("seek", "Position in the track", 1, 0.1);
    const volume = slider("volume", "Volume", 1, 0.01);
    wireAudio(audio(), seek, volume);
    wireBar(seek, volume);
    audio().volume = read("volume", 0.8);
    showTime(seek);
    showVolume(volume);
  }

  /** A play button on a card or at the head of a track page: start it, or pause and go on if it is what is loaded. */
  function press(button) {
    const card = button.closest("[data-track]");
    if (card.dataset.track === current?.track && !audio().error) toggle();
    else play(app.queue.startFrom(card));
  }

  function setListener(id) {
    if (userId !== null && userId !== id) {
      now?.skip();
      now = current && listen.create(id, current);
      if (now && !audio().paused) now.start();
    }
    userId = id;
    showLikes();
  }

  window.spotistream.player = {
    attach,
    press,
    toggle,
    next,
    previous,
    like,
    likePressed: (entry) => {
      listen.toggleLike(userId, entry);
      showLikes();
    },
    setListener,
    seekBy: (steps) => seekTo(audio().currentTime + steps * STEP_S),
    volumeBy: (steps) => setVolume(audio().volume + steps * VOLUME_STEP),
    refreshMarks: () => {
      showCurrent();
      showLikes();
    },
    leave: () => now?.leave(audio().duration),
  };
})();
