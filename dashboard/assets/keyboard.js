/* Keys: space plays and pauses, left and right seek, up and down change the volume, n and p go on and back, l likes. */
(() => {
  "use strict";
  const app = window.spotistream; /* the player is loaded after this file */

  const STEP_S = 5;

  const KEYS = {
    " ": () => app.player.toggle(),
    ArrowLeft: () => app.player.seekBy(-STEP_S),
    ArrowRight: () => app.player.seekBy(STEP_S),
    ArrowUp: () => app.playerbar.volumeBy(1),
    ArrowDown: () => app.playerbar.volumeBy(-1),
    n: () => app.player.next(),
    p: () => app.player.previous(),
    l: () => app.rating.like(app.player.current()),
  };

  /** Keys that belong to what has the focus: text fields and sliders all, buttons and links the space bar. */
  function isTaken(event) {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return true;
    if (target.closest("input, textarea, select, [contenteditable]")) return true;
    return event.key === " " && Boolean(target.closest("button, a, summary"));
  }

  function listen() {
    document.addEventListener("keydown", (event) => {
      const does = KEYS[event.key];
      if (!does || isTaken(event)) return;
      event.preventDefault();
      does();
    });
  }

  window.spotistream.keyboard = { listen };
})();
