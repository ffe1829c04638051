/* The newcomer's welcome: what they choose is sent as likes, so that recommendations follow at once. */
(() => {
  "use strict";
  const app = window.spotistream; /* the player is loaded after this file */
  const { byId, events, library, toast } = app;

  const SHELF = "welcome";

  let invited = null; /* a listener who was just made: is shown the welcome when they turn out to be new */

  const chosen = () => [...document.querySelectorAll(".choice[aria-pressed='true']")];

  function count() {
    const number = chosen().length;
    byId("welcome-count").textContent = number ? `${number} chosen` : "Nothing chosen yet";
    document.querySelector("[data-welcome='start']").disabled = number === 0;
  }

  function start() {
    const userId = app.player.listener();
    const tracks = new Set(chosen().flatMap((each) => each.dataset.pick.split(" ")));
    tracks.forEach((track) => {
      if (!app.opinions.likes(userId, track)) app.opinions.toggleLike(userId, { track, shelf: SHELF });
    });
    toast("Your recommendations start from what you like");
    library.go("/");
  }

  /** Without a choice: a visit is enough for a table of what is popular. */
  function popular() {
    events.record(app.player.listener(), "visit", {});
    library.go("/");
  }

  document.addEventListener("click", (event) => {
    const choice = event.target.closest(".choice");
    const does = event.target.closest("[data-welcome]")?.dataset.welcome;
    if (choice) {
      choice.setAttribute("aria-pressed", String(choice.getAttribute("aria-pressed") !== "true"));
      count();
    } else if (does === "start") start();
    else if (does === "popular") popular();
  });

  /** After an offer was read: whoever was just made and has no table chooses first. */
  function offered(data) {
    if (data?.user_id && data.user_id === invited) {
      invited = null;
      if (data.known === false) library.go("/welcome");
    }
    return window.dash_clientside.no_update;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    library: { ...window.dash_clientside?.library, offered },
  });
  app.welcome = { invite: (userId) => (invited = userId) };
})();
