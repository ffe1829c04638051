/* Shelves that move softly: new cards fade in, those that stay glide to their new place. Nothing for reduced motion. */
(() => {
  "use strict";
  const { byId, player } = window.spotistream;

  const FADE = { duration: 420, easing: "cubic-bezier(.2,.7,.2,1)" };
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  const cards = (section) => Array.from(section.querySelectorAll(".card[data-track]"));
  const places = (section) => new Map(cards(section).map((card) => [card.dataset.track, card.getBoundingClientRect()]));

  let before = new Map();

  function animate(section) {
    if (!calm.matches && before.size) {
      cards(section).forEach((card) => {
        const from = before.get(card.dataset.track);
        const to = card.getBoundingClientRect();
        if (!from) {
          card.animate([{ opacity: 0, transform: "scale(.94)" }, { opacity: 1, transform: "none" }], FADE);
        } else if (from.left !== to.left || from.top !== to.top) {
          const shift = `translate(${from.left - to.left}px, ${from.top - to.top}px)`;
          card.animate([{ transform: shift }, { transform: "none" }], FADE);
        }
      });
    }
  }

  function remember() {
    const section = byId("for-you");
    before = section ? places(section) : new Map();
  }

  function titleOfPage() {
    const heading = document.querySelector("#page h1");
    document.title = heading && !heading.classList.contains("unseen") ? `${heading.textContent} · spotistream` : "spotistream";
  }

  /** Watch the page. Observers run before the browser paints, so nothing is seen to jump. */
  function watch() {
    new MutationObserver((changes) => {
      const section = byId("for-you");
      const inside = section && changes.some((change) => section.contains(change.target));
      if (inside) animate(section);
      window.spotistream.justplayed.refresh();
      remember();
      player.refreshMarks();
      window.spotistream.waveform.refresh(); /* loaded after this file */
      titleOfPage();
    }).observe(byId("page"), { childList: true, subtree: true, attributes: true, attributeFilter: ["data-track"] });
    window.addEventListener("scroll", remember, { passive: true });
    window.addEventListener("resize", remember, { passive: true });
  }

  window.spotistream.shelves = { watch };
})();
