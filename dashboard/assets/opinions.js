/* What the listener said of tracks: liked, not for me, and plays taken back. The newest word on a track counts. */
(() => {
  "use strict";
  const { events, read, write } = window.spotistream;

  const REMEMBERED_PLAYS = 50;

  const listOf = (userId, name) => read(`${name}.${userId}`, []);
  const has = (userId, name, track) => listOf(userId, name).includes(track);

  function put(userId, name, track, is) {
    const others = listOf(userId, name).filter((each) => each !== track);
    write(`${name}.${userId}`, is ? [...others, track] : others);
  }

  function say(userId, action, entry, sessionId, more = {}) {
    return events.record(userId, action, {
      track_id: entry.track,
      session_id: sessionId,
      shelf: entry.shelf,
      model_version: entry.model,
      ...more,
    });
  }

  /** Say it of a track, or take it back; returns whether it holds now. */
  function toggle(userId, name, action, entry, sessionId) {
    const is = !has(userId, name, entry.track);
    put(userId, "likes", entry.track, is && name === "likes");
    put(userId, "dislikes", entry.track, is && name === "dislikes");
    say(userId, is ? action : "unlike", entry, sessionId); /* "unlike" is: no opinion any more */
    return is;
  }

  const playsOf = (userId) => read(`plays.${userId}`, []);

  /** The event by which a play can be taken back later. */
  function notePlay(userId, track, eventId) {
    const others = playsOf(userId).filter((play) => play.track !== track);
    write(`plays.${userId}`, [...others, { track, eventId }].slice(-REMEMBERED_PLAYS));
  }

  const lastPlay = (userId, track) => playsOf(userId).find((play) => play.track === track)?.eventId ?? null;

  /** Take the last play of a track back; false where this browser knows of none. */
  function forget(userId, entry) {
    const target = lastPlay(userId, entry.track);
    if (!target) return false;
    say(userId, "forget", entry, undefined, { target_event_id: target });
    write(`plays.${userId}`, playsOf(userId).filter((play) => play.track !== entry.track));
    return true;
  }

  window.spotistream.opinions = {
    likes: (userId, track) => has(userId, "likes", track),
    dislikes: (userId, track) => has(userId, "dislikes", track),
    toggleLike: (userId, entry, sessionId) => toggle(userId, "likes", "like", entry, sessionId),
    toggleDislike: (userId, entry, sessionId) => toggle(userId, "dislikes", "dislike", entry, sessionId),
    notePlay,
    lastPlay,
    forget,
  };
})();
