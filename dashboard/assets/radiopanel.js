/* What the queue panel shows of a radio: what it is from, the dial from familiar to discovery, and its end. */
(() => {
  "use strict";
  const app = window.spotistream;
  const { byId, make, radio } = app;

  const STEP = 0.05;
  const WORDS = [
    [0.2, "familiar"],
    [0.4, "rather familiar"],
    [0.6, "balanced"],
    [0.8, "rather new"],
    [1, "discovery"],
  ];

  const wordOf = (value) => WORDS.find(([most]) => value <= most + STEP / 2)[1];

  let dial = null;

  function show(value) {
    app.playerbar.fill(dial, value);
    dial.setAttribute("aria-valuetext", wordOf(value));
  }

  function draw() {
    const { name } = radio.current() ?? {};
    const is = Boolean(name);
    byId("radio").hidden = !is;
    byId("radio-from").textContent = is ? `Radio from ${name}` : "";
    byId("player").classList.toggle("has-radio", is);
    byId("player-queue").setAttribute("aria-label", is ? `Queue, with radio from ${name}` : "Queue");
    byId("player-queue").title = is ? `Queue: radio from ${name}` : "Queue";
  }

  /** Once the frame of the page is there. */
  function attach() {
    const host = make("div", { class: "slider" });
    byId("radio-dial").append(make("span", {}, "Familiar"), host, make("span", {}, "Discover"));
    dial = app.playerbar.slider(host, "Radio, from familiar to discover", 1, STEP);
    dial.addEventListener("input", () => show(Number(dial.value)));
    dial.addEventListener("change", () => radio.setDial(Number(dial.value)));
    byId("radio-end").addEventListener("click", () => {
      radio.end();
      byId("queue-close").focus();
    });
    show(radio.dial());
    draw();
  }

  app.radiopanel = { attach, draw };
})();
