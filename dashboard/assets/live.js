/* The live connection: tells the page that the listener's recommendations have changed. One for all pages of a browser:
   the page that holds the lock has it and tells the others; when it closes, the next one has the lock. */
(() => {
  "use strict";
  const { setProps } = window.spotistream;

  const channel = window.BroadcastChannel ? new BroadcastChannel("spotistream.live") : null;

  const AGAIN_MS = 3000;

  let listener = null;
  let source = null; /* where this page has the connection */
  let state = false;
  let told = false; /* another page had it before: something may have been missed in between */
  let leaveLine = () => {};

  /** With a connection the slow timer rests; without one it asks now and then. */
  function connected(is) {
    state = is;
    document.documentElement.dataset.live = is ? "on" : "off";
    setProps("tick", { disabled: is });
  }

  function changed(version) {
    setProps("live", { data: { version, at: Date.now() } });
  }

  const tell = (message) => channel?.postMessage({ listener, ...message });

  function connect(userId) {
    let opened = told;
    const say = (does, name, value) => {
      does(value);
      tell({ [name]: value });
    };
    source = new EventSource(`/live/${encodeURIComponent(userId)}`);
    source.addEventListener("open", () => {
      say(connected, "connected", true);
      if (opened) say(changed, "version", null); /* connected again: something may have been missed */
      opened = true;
    });
    source.addEventListener("error", () => {
      say(connected, "connected", false);
      if (source?.readyState === EventSource.CLOSED) setTimeout(() => source && again(userId), AGAIN_MS);
    });
    source.addEventListener("recommendations", (event) => say(changed, "version", JSON.parse(event.data).version));
    source.addEventListener("resync", () => say(changed, "version", null));
  }

  /** Where the browser has given up, as it does when something else than a stream is answered. */
  function again(userId) {
    if (userId !== listener || source.readyState !== EventSource.CLOSED) return;
    told = true;
    connect(userId);
  }

  function hear({ data }) {
    if (data.listener !== listener) return;
    if (data.asks && source) tell({ connected: state });
    if (source || data.asks) return;
    told = true;
    if ("connected" in data) connected(data.connected);
    if ("version" in data) changed(data.version);
  }

  /** Wait for the connection of this listener; without locks every page has its own. */
  function open(userId) {
    close();
    listener = userId;
    told = false;
    if (!navigator.locks || !channel) return connect(userId);
    tell({ asks: true });
    const leaving = new AbortController();
    navigator.locks
      .request(`spotistream.live.${userId}`, { signal: leaving.signal }, () => {
        connect(userId);
        return new Promise((done) => (leaveLine = done));
      })
      .catch((error) => {
        if (error.name !== "AbortError") throw error;
      });
    leaveLine = () => leaving.abort();
  }

  function close() {
    source?.close();
    source = null;
    leaveLine();
    leaveLine = () => {};
  }

  channel?.addEventListener("message", hear);
  window.spotistream.live = { open, close, reopen: () => listener && !source && open(listener), isLeader: () => source !== null };
})();
