/* The live connection: tells the page that the listener's recommendations have changed. One per page. */
(() => {
  "use strict";
  const { setProps } = window.spotistream;

  let source = null;
  let listener = null;

  /** With a connection the slow timer rests; without one it asks now and then. */
  function connected(is) {
    document.documentElement.dataset.live = is ? "on" : "off";
    setProps("tick", { disabled: is });
  }

  function changed(version) {
    setProps("live", { data: { version, at: Date.now() } });
  }

  function open(userId) {
    close();
    listener = userId;
    let opened = false;
    source = new EventSource(`/live/${encodeURIComponent(userId)}`);
    source.addEventListener("open", () => {
      connected(true);
      if (opened) changed(null); /* connected again: something may have been missed */
      opened = true;
    });
    source.addEventListener("error", () => connected(false));
    source.addEventListener("recommendations", (event) => changed(JSON.parse(event.data).version));
    source.addEventListener("resync", () => changed(null));
  }

  function close() {
    source?.close();
    source = null;
  }

  window.spotistream.live = { open, close, reopen: () => listener && !source && open(listener) };
})();
