/* The listener says what they think of a track; the player follows. */
(() => {
  "use strict";
  const app = window.spotistream;
  const { opinions, player, queue, toast } = app;

  function like(entry) {
    if (!entry) return;
    const liked = opinions.toggleLike(player.listener(), entry, player.sessionOf(entry.track));
    toast(liked ? `You like ${entry.title}` : `${entry.title} is no longer liked`);
    app.radio.judged(entry.track, { liked, disliked: false });
    player.refreshMarks();
  }

  /** A track that is not for the listener is not played on, nor from the queue. */
  function dislike(entry) {
    if (!entry) return;
    const disliked = opinions.toggleDislike(player.listener(), entry, player.sessionOf(entry.track));
    toast(disliked ? `${entry.title} is not for you and will not be offered` : `${entry.title} may be offered again`);
    app.radio.judged(entry.track, { liked: false, disliked });
    if (disliked) {
      queue.removeTrack(entry.track);
      if (entry.track === player.current()?.track && player.isPlaying()) player.next();
    }
    player.refreshMarks();
  }

  /** Take the last play back: it no longer counts. */
  function forget(entry) {
    if (!opinions.forget(player.listener(), entry)) return;
    app.recent.remove(player.listener(), entry.track);
    toast(`This play of ${entry.title} no longer counts`);
  }

  function of({ track }) {
    const userId = player.listener();
    return {
      liked: opinions.likes(userId, track),
      disliked: opinions.dislikes(userId, track),
      played: opinions.lastPlay(userId, track) !== null,
    };
  }

  app.rating = { like, dislike, forget, of };
})();
