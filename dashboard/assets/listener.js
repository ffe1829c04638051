/* Who is listening: kept by the browser, chosen in a dialog. */
(() => {
  "use strict";
  const app = window.spotistream; /* the library and the welcome are loaded after this file */
  const { byId, read, write, setProps, uuid } = app;

  const USER_ID = /^[A-Za-z0-9_.-]{1,64}$/;

  /** The listener this browser remembers, else a guest of its own. */
  function current() {
    const known = read("listener", null);
    if (typeof known === "string" && USER_ID.test(known)) return known;
    const guest = `guest-${uuid().slice(0, 8)}`;
    write("listener", guest);
    return guest;
  }

  const labelOf = (userId) => (userId.startsWith("sim-") ? `${userId} · simulation` : userId);

  /** Make it known by name to everybody who opens this dialog; whoever is new is asked what they like. */
  function create(userId) {
    if (userId.startsWith("sim-")) return;
    app.welcome.invite(userId);
    app.library.ask("POST", "/listeners", JSON.stringify({ user_id: userId })).catch(() => {
      /* listening goes on all the same: the name is only not suggested yet */
    });
  }

  function choose(userId) {
    const wanted = userId.trim();
    const fits = USER_ID.test(wanted);
    byId("who-problem").textContent = fits ? "" : "Use 1 to 64 letters, digits, dots, dashes or underscores.";
    if (!fits) return;
    write("listener", wanted);
    setProps("listener", { data: wanted });
    byId("who").close();
    create(wanted);
  }

  function open() {
    byId("who-problem").textContent = "";
    setProps("who-input", { value: "" });
    byId("who").showModal();
    byId("who-input").focus();
  }

  /** Clicks are handled here for all pages, since pages come and go. */
  function listen() {
    document.addEventListener("click", (event) => {
      const who = event.target.closest("[data-who]");
      const suggestion = event.target.closest("[data-listener]");
      if (who?.dataset.who === "open") open();
      else if (who) byId("who").close();
      else if (suggestion) choose(suggestion.dataset.listener);
      else if (event.target === byId("who")) byId("who").close();
    });
    document.addEventListener("submit", (event) => {
      if (event.target.id !== "who-form") return;
      event.preventDefault();
      choose(byId("who-input").value);
    });
  }

  window.spotistream.listener = { current, labelOf, listen };
})();
