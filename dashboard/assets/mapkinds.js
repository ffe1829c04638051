/* What the map is coloured by: genres or topics, as the switch beside it says. Draws nothing. */
(() => {
  "use strict";
  const { byId, read, write } = window.spotistream;

  const KEY = "map-colours";
  const FIRST = "genre";

  /** Makes the switch say what there is, and tells `chosen` what the listener wants, now and after each change.
      Topics can be chosen where some point has one. */
  function wire(map, chosen) {
    const buttons = [...byId("map").querySelectorAll("[data-colours]")];
    const show = (wanted) => {
      const name = map.kinds[wanted]?.listed.length ? wanted : FIRST;
      buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.colours === name)));
      chosen(map.kinds[name]);
    };
    buttons.forEach((button) => {
      button.disabled = button.dataset.colours !== FIRST && !map.kinds[button.dataset.colours].listed.length;
      button.addEventListener("click", () => {
        write(KEY, button.dataset.colours);
        show(button.dataset.colours);
      });
    });
    byId("map").querySelector(".map-note").hidden = map.kinds.topic.listed.length > 0;
    show(read(KEY, FIRST));
  }

  window.spotistream.mapkinds = { wire };
})();
