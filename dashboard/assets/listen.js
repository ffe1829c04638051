/* One listen of one track: how long it was really heard, and the events it becomes.

   "play" when sound starts; then exactly one end: "complete" at the end of the track, "skip" when left before it. */
(() => {
  "use strict";
  const { uuid, events, read, write } = window.spotistream;

  const LARGEST_STEP_S = 2; /* a larger step of the position is a seek, not listening */
  const LISTEN_S = 240; /* ListenBrainz: a listen counts from half the track or four minutes */

  function create(userId, entry) {
    const sessionId = uuid();
    let heardS = 0;
    let positionS = 0;
    let started = false;
    let ended = false;

    const send = (action, more = {}) =>
      events.record(userId, action, {
        track_id: entry.track,
        session_id: sessionId,
        shelf: entry.shelf,
        model_version: entry.model,
        ...more,
      });

    function end(action) {
      if (!started || ended) return;
      ended = true;
      send(action, { played_ms: Math.round(heardS * 1000) });
    }

    return {
      start() {
        if (started) return;
        started = true;
        send("play");
      },
      at(seconds) {
        const step = seconds - positionS;
        if (step > 0 && step < LARGEST_STEP_S) heardS += step;
        positionS = seconds;
      },
      jumpTo(seconds) {
        positionS = seconds;
      },
      isOver: () => ended,
      sessionId,
      complete: () => end("complete"),
      skip: () => end("skip"),
      /** The page closes: a listen that counts is kept, one that does not is no judgement of the track. */
      leave(durationS) {
        if (heardS >= Math.min(durationS / 2 || Infinity, LISTEN_S)) end("complete");
      },
    };
  }

  const likesOf = (userId) => `likes.${userId}`;
  const likes = (userId, track) => read(likesOf(userId), []).includes(track);

  /** Like, or take the like back; returns whether the track is liked now. */
  function toggleLike(userId, entry, sessionId) {
    const before = read(likesOf(userId), []);
    const liked = !before.includes(entry.track);
    write(likesOf(userId), liked ? [...before, entry.track] : before.filter((track) => track !== entry.track));
    events.record(userId, liked ? "like" : "unlike", {
      track_id: entry.track,
      session_id: sessionId,
      shelf: entry.shelf,
      model_version: entry.model,
    });
    return liked;
  }

  window.spotistream.listen = { create, likes, toggleLike };
})();
