/* The taste page: a switch says of some tracks that they are liked, or not for the listener, or takes that back. */
(() => {
  "use strict";
  const { opinions, setProps, toast } = window.spotistream;

  const AGAIN_MS = [700, 2500]; /* the server knows of it as soon as it has heard the events */
  const SAID = {
    like: (count) => `Liked: ${count}`,
    dislike: (count) => `Not for you any more: ${count}`,
    undo: (count) => `May be offered again: ${count}`,
  };

  /** The page shows what the server knows, which may be more than this browser remembers: it is said in any case. */
  function say(userId, what, track, wanted) {
    const entry = { track, shelf: "taste" };
    const [is, toggle] = what === "like" ? [opinions.likes, opinions.toggleLike] : [opinions.dislikes, opinions.toggleDislike];
    if (is(userId, track) === wanted) toggle(userId, entry);
    toggle(userId, entry);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-taste]");
    if (!button) return;
    const tracks = JSON.parse(button.dataset.tracks);
    const back = button.getAttribute("aria-pressed") === "true"; /* a like that is taken back */
    const what = button.dataset.taste;
    const userId = window.spotistream.player.listener();
    tracks.forEach((track) => say(userId, what === "undo" ? "dislike" : what, track, what !== "undo" && !back));
    toast(back ? "No longer liked" : SAID[what](tracks.length === 1 ? "one track" : `${tracks.length} tracks`));
    AGAIN_MS.forEach((wait) => setTimeout(() => setProps("taste-changed", { data: Date.now() }), wait));
  });
})();
