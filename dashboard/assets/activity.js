/* How long it takes from what the listener did until new recommendations are on the screen, told to the activity page. */
(() => {
  "use strict";

  const OLDEST_MS = 120000; /* older changes were made while this page was not there */
  const opened = Date.now();
  let last = null;

  /** Both times are of this browser's clock: that of the event is the one it was sent with. */
  function offerOnScreen(data) {
    const version = data?.caused_at ? `${data.user_id}/${data.version}` : null;
    if (!version || version === last) return window.dash_clientside.no_update;
    last = version;
    const at = Date.parse(data.caused_at);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const ms = Date.now() - at;
        if (at < opened || ms < 0 || ms > OLDEST_MS) return;
        navigator.sendBeacon("/activity/shown", new Blob([JSON.stringify({ ms })], { type: "application/json" }));
      }),
    );
    return window.dash_clientside.no_update;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, { activity: { offerOnScreen } });
})();
