/* Keys, as the overview of them lists them, and that overview. Whoever types by voice or by accident can switch them off. */
(() => {
  "use strict";
  const app = window.spotistream; /* the player is loaded after this file */
  const { byId, read, write } = app;

  const STEP_S = 5;

  const DOES = {
    toggle: () => app.player.toggle(),
    next: () => app.player.next(),
    previous: () => app.player.previous(),
    back: () => app.player.seekBy(-STEP_S),
    forward: () => app.player.seekBy(STEP_S),
    louder: () => app.playerbar.volumeBy(1),
    softer: () => app.playerbar.volumeBy(-1),
    mute: () => app.decks.toggleMute(),
    like: () => app.rating.like(app.player.current()),
    dislike: () => app.rating.dislike(app.player.current()),
    shuffle: () => app.toast(app.queue.toggleShuffle() ? "Shuffle is on" : "Shuffle is off"),
    repeat: () => app.toast({ off: "Repeat is off", all: "Repeat all", one: "Repeat this track" }[app.queue.cycleRepeat()]),
    queue: () => app.queuepanel.toggle(),
    overview: () => byId("shortcuts").showModal(),
  };
  const keys = new Map(); /* key: what it does */

  /** Keys that belong to what has the focus: text fields and sliders all, buttons and links the space bar. */
  function isTaken(event) {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return true;
    if (target.closest("input, textarea, select, [contenteditable], [role=menu], [role=listbox]")) return true;
    return event.key === " " && Boolean(target.closest("button, a, summary"));
  }

  function onKey(event) {
    const does = keys.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (!does || event.defaultPrevented || isTaken(event) || !read("keys", true)) return;
    event.preventDefault();
    DOES[does]();
  }

  function listen() {
    document.querySelectorAll("#shortcuts [data-key]").forEach(({ dataset }) => keys.set(dataset.key, dataset.does));
    keys.delete("");
    document.addEventListener("keydown", onKey);
    byId("shortcuts-close").addEventListener("click", () => byId("shortcuts").close());
    byId("shortcuts").addEventListener("click", (event) => event.target === byId("shortcuts") && byId("shortcuts").close());
    byId("shortcuts-open").addEventListener("click", DOES.overview);
    app.playback.checkbox(byId("shortcuts-used"), "Use these keys", read("keys", true), (is) => write("keys", is));
  }

  app.keyboard = { listen };
})();
