/* Where Dash calls us: the client-side callbacks, and what starts with the first of them. */
(() => {
  "use strict";
  const { byId, events, keyboard, listener, live, player, queue, read, setProps, shelves } = window.spotistream;

  let started = false;

  function listenToClicks() {
    document.addEventListener("click", (event) => {
      const play = event.target.closest("[data-play]");
      const like = event.target.closest("[data-like]");
      if (play) player.press(play);
      if (like) {
        const { track, title } = like.closest("[data-track]").dataset;
        player.likePressed({ track, title, shelf: "track" });
      }
    });
  }

  function listenToLeaving() {
    window.addEventListener("pagehide", () => {
      player.leave();
      events.beacon();
      live.close();
    });
    window.addEventListener("pageshow", (event) => event.persisted && live.reopen());
  }

  function start() {
    started = true;
    player.attach();
    shelves.watch();
    keyboard.listen();
    listener.listen();
    listenToClicks();
    listenToLeaving();
    setProps("recent", { data: read("recent", []) });
    events.flush();
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    spotistream: {
      whoIsListening: () => listener.current(),
      listenerChanged(userId) {
        if (!userId) return window.dash_clientside.no_update;
        if (!started && byId("player")) start();
        player.setListener(userId);
        live.open(userId);
        return listener.labelOf(userId);
      },
      offerChanged(data) {
        queue.setOffer(data);
        return window.dash_clientside.no_update;
      },
    },
  });
})();
