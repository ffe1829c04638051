/* What the system shows of the player: media keys, lock screen, with the cover and the position. */
(() => {
  "use strict";
  const app = window.spotistream;

  const session = navigator.mediaSession; /* not in every browser */
  const SIZE = "320x320";

  function track(entry) {
    if (!session) return;
    const src = new URL(`/cover/${encodeURIComponent(entry.track)}`, location.href).href;
    session.metadata = new MediaMetadata({
      title: entry.title,
      artist: entry.artist,
      artwork: [{ src, sizes: SIZE }],
    });
  }

  function playing(is) {
    if (session) session.playbackState = is ? "playing" : "paused";
  }

  function position(audio) {
    if (!session?.setPositionState || !Number.isFinite(audio.duration)) return;
    session.setPositionState({
      duration: audio.duration,
      playbackRate: audio.playbackRate,
      position: Math.min(audio.currentTime, audio.duration),
    });
  }

  function attach() {
    if (!session) return;
    const { player } = app;
    const actions = {
      play: player.resume,
      pause: player.pause,
      nexttrack: player.next,
      previoustrack: player.previous,
      seekto: ({ seekTime }) => player.seekTo(seekTime),
      seekforward: ({ seekOffset }) => player.seekBy(seekOffset ?? 10),
      seekbackward: ({ seekOffset }) => player.seekBy(-(seekOffset ?? 10)),
    };
    Object.entries(actions).forEach(([name, does]) => {
      try {
        session.setActionHandler(name, does);
      } catch {
        /* an action this browser does not know */
      }
    });
  }

  app.mediasession = { attach, track, playing, position };
})();
