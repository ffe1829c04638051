/* Where Dash calls us: the client-side callbacks, and what starts with the first of them. */
(() => {
  "use strict";
  const { byId, events, hold, keyboard, listener, live, navigation, player, queue, rating, search, setProps, shelves } = window.spotistream;

  const RETRY_MS = 5000; /* the store was away: ask again */

  let started = false;

  function listenToClicks() {
    document.addEventListener("click", (event) => {
      const play = event.target.closest("[data-play]");
      const like = event.target.closest("[data-like]");
      const whole = event.target.closest("[data-playshelf]");
      const first = whole && document.querySelector(`[data-shelf="${whole.dataset.playshelf}"] [data-play]`);
      if (play || first) player.press(play || first);
      if (event.target.closest("[data-retry]")) setProps("retry", { data: Date.now() });
      if (like) rating.like(queue.entryOf(like.closest("[data-track]")));
    });
  }

  function listenToLeaving() {
    window.addEventListener("pagehide", () => {
      events.leave(player.leave);
      live.close();
    });
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      events.comeBack();
      player.comeBack();
      live.reopen();
    });
  }

  function start() {
    started = true;
    player.attach();
    window.spotistream.waveform.attach(); /* loaded after this file */
    navigation.attach();
    search.attach();
    window.spotistream.map.attach();
    shelves.watch();
    keyboard.listen();
    listener.listen();
    listenToClicks();
    listenToLeaving();
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
        window.spotistream.library.meet(userId);
        return listener.labelOf(userId);
      },
      offerChanged(data) {
        queue.setOffer(data); /* what plays next follows at once, what is seen when nobody is about to click there */
        hold.whenFree("for-you", () => setProps("shown", { data }));
        if (data?.away) setTimeout(() => setProps("live", { data: { version: null, at: Date.now() } }), RETRY_MS);
        return window.dash_clientside.no_update;
      },
    },
  });
})();
