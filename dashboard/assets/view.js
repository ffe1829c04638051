/* What the cards and hearts on a page show of the player. Draws what it is given and keeps nothing. */
(() => {
  "use strict";
  const { byId } = window.spotistream;

  /** Hearts and "not for me": in the bar for the current track, on the page for the track it is about. */
  function opinions(isLiked, isDisliked, current) {
    const pressed = (button, is) => button.setAttribute("aria-pressed", String(is));
    pressed(byId("player-like"), Boolean(current) && isLiked(current.track));
    pressed(byId("player-dislike"), Boolean(current) && isDisliked(current.track));
    document.querySelectorAll("[data-like]").forEach((heart) => pressed(heart, isLiked(heart.dataset.like)));
    document.querySelectorAll("#page [data-track]").forEach((card) => {
      card.classList.toggle("is-disliked", isDisliked(card.dataset.track));
    });
  }

  /** Mark the cards of the track that is loaded, wherever they stand. */
  function current(entry, playing) {
    document.querySelectorAll("[data-track]").forEach((card) => {
      const is = card.dataset.track === entry?.track;
      card.classList.toggle("is-current", is);
      card.classList.toggle("is-playing", is && playing);
      verb(card.querySelector("[data-play]"), is && playing ? "Pause" : "Play");
    });
  }

  /** Only where it changes: the page is watched, and a change for nothing would be seen as one. */
  function verb(button, word) {
    if (!button || button.getAttribute("aria-label").startsWith(word)) return;
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/^(Play|Pause)/, word));
    const text = button.querySelector(".verb");
    if (text) text.textContent = word;
  }

  window.spotistream.view = { opinions, current };
})();
