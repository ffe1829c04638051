/* The player: one audio element that lives as long as the page frame, and the bar that drives it. */
(() => {
  "use strict";
  const app = window.spotistream; /* the queue and the view are loaded after this file */
  const { byId, setProps, toast, read, write, listen } = app;

  const RESTART_S = 3; /* "previous" goes to the start first */
  const STEP_S = 5;
  const VOLUME_STEP = 0.05;
  const MAX_FAILURES = 3;
  const NEXT_AFTER_FAILURE_MS = 1500;
  const RECENT = 6;

  let userId = null;
  let current = null; /* the entry of the queue that is loaded */
  let now = null; /* its listen */
  let failures = 0;
  let dragging = false;

  const audio = () => byId("audio");

  function showMarks() {
    app.view.likes((track) => listen.likes(userId, track), current);
    app.view.current(current, !audio().paused);
  }

  function load(entry) {
    now?.skip();
    current = entry;
    now = listen.create(userId, entry);
    const element = audio();
    element.src = `/media/${encodeURIComponent(entry.track)}`;
    app.view.track(entry);
    showMarks();
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
    showMarks();
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

  function showPlaying() {
    app.view.playing(!audio().paused);
    showMarks();
  }

  function onPlaying() {
    failures = 0;
    app.queue.played(current);
    now.start();
    const recent = [current.track, ...recentlyPlayed().filter((track) => track !== current.track)].slice(0, RECENT);
    write(`recent.${userId}`, recent);
    setProps("recent", { data: recent });
    showPlaying();
  }

  const recentlyPlayed = () => read(`recent.${userId}`, []);

  function wireAudio(element, seek, volume) {
    const on = (name, does) => element.addEventListener(name, does);
    on("playing", onPlaying);
    on("pause", showPlaying);
    on("play", showPlaying);
    on("error", onError);
    on("seeking", () => now?.jumpTo(element.currentTime));
    on("timeupdate", () => {
      if (!element.seeking) now?.at(element.currentTime);
      app.view.time(seek, audio(), dragging);
    });
    on("durationchange", () => app.view.time(seek, audio(), dragging));
    on("volumechange", () => app.view.volume(volume, audio()));
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
      app.view.dragged(seek);
    });
    seek.addEventListener("change", () => {
      dragging = false;
      seekTo(Number(seek.value));
    });
    volume.addEventListener("input", () => setVolume(Number(volume.value)));
  }

  /** Once the frame of the page is there. */
  function attach() {
    const seek = app.view.slider("seek", "Position in the track", 1, 0.1);
    const volume = app.view.slider("volume", "Volume", 1, 0.01);
    wireAudio(audio(), seek, volume);
    wireBar(seek, volume);
    audio().volume = read("volume", 0.8);
    app.view.time(seek, audio(), dragging);
    app.view.volume(volume, audio());
  }

  /** A play button on a card or at the head of a track page: start it, or pause and go on if it is what is loaded. */
  function press(button) {
    const card = button.closest("[data-track]");
    if (card.dataset.track === current?.track && !audio().error) toggle();
    else play(app.queue.startFrom(card));
  }

  /** To a place in a track; it begins there where it is not the one that is loaded. */
  function playFrom(card, seconds) {
    if (card.dataset.track === current?.track && !audio().error) seekTo(seconds);
    else {
      play(app.queue.startFrom(card));
      audio().currentTime = seconds;
    }
  }

  function setListener(id) {
    if (userId !== null && userId !== id) {
      now?.skip();
      now = current && listen.create(id, current);
      if (now && !audio().paused) now.start();
    }
    userId = id;
    setProps("recent", { data: recentlyPlayed() });
    showMarks();
  }

  window.spotistream.player = {
    attach,
    press,
    playFrom,
    positionIn: (track) => (track === current?.track ? audio().currentTime : 0),
    toggle,
    next,
    previous,
    like,
    likePressed: (entry) => {
      listen.toggleLike(userId, entry);
      showMarks();
    },
    setListener,
    seekBy: (steps) => seekTo(audio().currentTime + steps * STEP_S),
    volumeBy: (steps) => setVolume(audio().volume + steps * VOLUME_STEP),
    refreshMarks: showMarks,
    leave: () => now?.leave(audio().duration),
  };
})();
