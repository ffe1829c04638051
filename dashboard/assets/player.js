/* The player: what is loaded, what happens to it, and the bar that drives it. */
(() => {
  "use strict";
  const app = window.spotistream; /* queue, view and others are loaded after this file */
  const { decks, failure, formats, listen, opinions, toast } = app;

  const RESTART_S = 3; /* "previous" goes to the start first */
  const MAX_FAILURES = 3;
  const NEXT_AFTER_FAILURE_MS = 1500;
  const PREPARE_S = 20; /* before the end the next track is fetched */
  const REMEMBER_EVERY_MS = 3000;

  let userId = null;
  let current = null; /* the entry of the queue that is loaded */
  let now = null; /* its listen */
  let failures = 0;
  let rememberedAt = 0;
  let isLeaving = false;

  const audio = () => decks.audio();
  const isLoaded = (track) => track === current?.track && !audio().error;

  function showMarks() {
    const { likes, dislikes } = opinions;
    app.view.opinions((track) => likes(userId, track), (track) => dislikes(userId, track), current);
    app.view.current(current, !audio().paused);
    formats.mark();
  }

  function start() {
    audio()
      .play()
      .catch((error) => {
        /* NotAllowedError: the browser wants a click first. AbortError: another track was chosen meanwhile. */
        if (error.name === "NotAllowedError") toast("Press play to start");
      });
  }

  function setCurrent(entry) {
    now?.skip();
    current = entry;
    now = listen.create(userId, entry);
    app.radio.follow(entry);
    app.playerbar.track(entry);
    app.mediasession.track(entry);
    app.justplayed.show(entry.track);
    showMarks();
    app.queuepanel.draw();
  }

  function load(entry, atS = 0) {
    setCurrent(entry);
    decks.load(entry, atS);
    app.queue.remember(entry, atS);
    now.jumpTo(atS);
    start();
  }

  function play(entry, atS = 0) {
    if (!formats.canPlay(entry.format)) return toast(`${formats.reason(entry.format)}: ${entry.title}`);
    app.queue.leave(current);
    load(entry, atS);
  }

  function remember() {
    rememberedAt = Date.now();
    if (current) app.queue.remember(current, audio().currentTime || 0);
  }

  function resume() {
    if (!current) {
      const entry = app.queue.advance(null);
      if (entry) load(entry);
      else toast("Pick a track to start");
    } else if (now.isOver()) load(current);
    else start();
  }

  const pause = () => decks.pause();
  const toggle = () => (current && !audio().paused ? pause() : resume());

  /** The next entry that this browser can play. */
  function advance() {
    let entry = app.queue.advance(current);
    while (entry && !formats.canPlay(entry.format)) {
      toast(`${formats.reason(entry.format)}: ${entry.title}`);
      entry = app.queue.advance(null);
    }
    return entry;
  }

  function next() {
    const entry = advance();
    if (entry) load(entry);
    else {
      now?.skip();
      pause();
      toast("That was all there is for now");
    }
  }

  function previous() {
    const entry = audio().currentTime > RESTART_S ? null : app.queue.goBack(current);
    if (entry) load(entry);
    else audio().currentTime = 0;
  }

  function seekTo(seconds) {
    const { duration } = audio();
    if (current && Number.isFinite(duration)) audio().currentTime = Math.min(Math.max(seconds, 0), duration);
  }

  /* What happens */

  function onError(element) {
    if (!current || !element.error) return;
    const failed = current;
    failure.reasonOf(failed, element.error).then(toast);
    failures += 1;
    if (failures < MAX_FAILURES) {
      app.queue.played(failed);
      setTimeout(() => current === failed && next(), NEXT_AFTER_FAILURE_MS);
    }
  }

  function showPlaying() {
    const playing = !audio().paused;
    app.playerbar.playing(playing);
    app.mediasession.playing(playing);
    showMarks();
  }

  function onPlaying() {
    failures = 0;
    app.queue.played(current);
    if (!now.hasStarted()) app.recent.add(userId, current.track);
    now.start();
    showPlaying();
  }

  /** Near the end the next track is fetched, and let in where tracks are to overlap. */
  function approachEnd(element) {
    const left = element.duration - element.currentTime;
    if (!Number.isFinite(left) || element.paused || left > PREPARE_S || app.queue.modes().repeat === "one") return;
    const upcoming = app.queue.upcoming(current);
    if (!upcoming || !formats.canPlay(upcoming.format)) return;
    decks.prepare(upcoming);
    const overlapS = Math.min(decks.settings().crossfadeS, element.duration / 4);
    if (overlapS > 0 && left <= overlapS) {
      now.complete();
      const entry = app.queue.advance(current);
      decks.crossTo(entry, left);
      setCurrent(entry);
      app.queue.remember(entry, 0);
      start();
    }
  }

  function onTime(element) {
    if (!element.seeking) now?.at(element.currentTime, element.duration);
    app.playerbar.time(element);
    if (Date.now() - rememberedAt > REMEMBER_EVERY_MS) {
      remember();
      app.mediasession.position(element);
    }
    approachEnd(element);
  }

  function onEnded(element) {
    now.at(element.duration, element.duration);
    now.complete();
    if (app.queue.modes().repeat === "one") load(current);
    else next();
  }

  function wire() {
    decks.on("playing", onPlaying);
    decks.on("play", showPlaying);
    decks.on("pause", () => {
      now?.save();
      showPlaying();
      if (!isLeaving) remember();
    });
    decks.on("error", onError);
    decks.on("seeking", (element) => now?.jumpTo(element.currentTime));
    decks.on("timeupdate", onTime);
    decks.on("durationchange", (element) => {
      app.playerbar.time(element);
      app.mediasession.position(element);
    });
    decks.on("seeked", app.mediasession.position);
    decks.on("volumechange", () => app.playerbar.volume(decks.volume()));
    decks.on("ended", onEnded);
  }

  function attach() {
    decks.attach();
    listen.holdLock();
    app.queue.welcome((entry) => !opinions.dislikes(userId, entry.track) && formats.canPlay(entry.format));
    wire();
    app.playerbar.attach();
    app.playback.attach();
    app.queuepanel.attach();
    app.radiopanel.attach();
    app.trackmenu.attach();
    app.mediasession.attach();
    app.tabs.attach();
    app.playerbar.volume(decks.volume());
  }

  /** A play button on a card or at the head of a track page: start it, or pause and go on if it is what is loaded. */
  function press(button) {
    const card = button.closest("[data-track]");
    if (isLoaded(card.dataset.track)) toggle();
    else if (!formats.canPlay(card.dataset.format)) toast(formats.reason(card.dataset.format));
    else play(app.queue.startFrom(card));
  }

  /** To a place in a track; it begins there where it is not the one that is loaded. */
  function playFrom(card, seconds) {
    if (isLoaded(card.dataset.track)) seekTo(seconds);
    else play(app.queue.startFrom(card), seconds);
  }

  /** As the page was left: the track is loaded and waits. A listen that was cut short goes on where it is played on. */
  function restore({ current: entry, position }) {
    if (entry) {
      setCurrent(entry);
      decks.load(entry, position);
      now.jumpTo(position);
    }
    const [listener, listening] = [userId, now];
    listen.recover(userId, entry?.track).then((kept) => {
      if (!kept) return;
      const waits = now && now === listening && !now.hasStarted() && userId === listener;
      if (!waits) return listen.abandon(kept);
      now = listen.create(userId, entry, kept);
      now.jumpTo(position);
    });
  }

  function setListener(id) {
    if (userId === id) return;
    const playing = current && !audio().paused;
    if (userId !== null) {
      remember();
      now?.skip();
      now = null;
    }
    userId = id;
    const kept = app.queue.load(id);
    if (playing) {
      now = listen.create(id, current);
      now.jumpTo(audio().currentTime);
      now.start();
    } else restore(kept);
    app.recent.show(userId);
    showMarks();
  }

  app.player = {
    attach,
    current: () => current,
    isPlaying: () => !audio().paused,
    leave() {
      isLeaving = true;
      if (now?.hasStarted()) remember(); /* a page beside the one that plays keeps out of the way */
      now?.leave();
    },
    comeBack: () => (isLeaving = false),
    next,
    pause,
    playEntry: (entry) => entry && play(entry),
    playFrom,
    positionIn: (track) => (track === current?.track ? audio().currentTime : 0),
    press,
    previous,
    refreshMarks: showMarks,
    resume,
    seekBy: (seconds) => seekTo(audio().currentTime + seconds),
    seekTo,
    /** Who listens, and the listen that is going on of a track. */
    listener: () => userId,
    sessionOf: (track) => (track === current?.track ? now?.sessionId : undefined),
    setListener,
    toggle,
  };
})();
