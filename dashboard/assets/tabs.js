/* Pages of one browser beside each other: one plays at a time, and who listens and what they like is the same in all. */
(() => {
  "use strict";
  const app = window.spotistream;
  const { decks, setProps } = app;

  const KEY = /^spotistream\.(listener$|likes\.|dislikes\.)/;

  function attach() {
    const channel = window.BroadcastChannel ? new BroadcastChannel("spotistream.playing") : null;
    decks.on("playing", () => channel?.postMessage("playing"));
    channel?.addEventListener("message", () => app.player.isPlaying() && app.player.pause());
    window.addEventListener("storage", ({ key, newValue }) => {
      const what = KEY.exec(key ?? "")?.[1];
      if (what === "listener" && newValue) setProps("listener", { data: JSON.parse(newValue) });
      else if (what) app.player.refreshMarks();
    });
  }

  app.tabs = { attach };
})();
