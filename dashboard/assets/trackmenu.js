/* The menu of a track, opened from its card or from the player bar. One menu for all: it moves to where it was asked for. */
(() => {
  "use strict";
  const app = window.spotistream;
  const { byId, toast } = app;

  const MARGIN = 8; /* pixels to the edge of the window */

  let opener = null;
  let entry = null;

  const menu = () => byId("track-menu");
  const items = () => [...menu().querySelectorAll("[data-do]")].filter((each) => !each.hidden);
  const item = (does) => menu().querySelector(`[data-do="${does}"]`);

  const DOES = {
    next() {
      app.queue.playNext(entry);
      toast(`${entry.title} plays next`);
    },
    add() {
      app.queue.add(entry);
      toast(`${entry.title} is in the queue`);
    },
    radio: () => app.radio.start({ kind: "track", id: entry.track }, entry.title),
    playlist: () => app.library.addTrack(entry),
    like: () => app.rating.like(entry),
    dislike: () => app.rating.dislike(entry),
    forget: () => app.rating.forget(entry),
  };

  function describe() {
    const { liked, disliked, played } = app.rating.of(entry);
    const inBar = opener.dataset.menu === "playing";
    item("next").hidden = item("add").hidden = inBar;
    item("like").textContent = liked ? "No longer like" : "Like";
    item("dislike").textContent = disliked ? "Take back: not for me" : "Not for me";
    item("forget").hidden = !played;
  }

  /** Beside its button, inside of the window. */
  function place() {
    const at = opener.getBoundingClientRect();
    const { width, height } = menu().getBoundingClientRect();
    const left = Math.min(at.right - width < MARGIN ? at.left : at.right - width, innerWidth - width - MARGIN);
    const under = at.bottom + height + MARGIN < innerHeight;
    menu().style.left = `${Math.max(left, MARGIN)}px`;
    menu().style.top = `${Math.max(under ? at.bottom + 4 : at.top - height - 4, MARGIN)}px`;
  }

  function open(button, about) {
    opener = button;
    entry = about;
    describe();
    menu().setAttribute("aria-label", `${entry.title} by ${entry.artist}`);
    menu().hidden = false;
    opener.setAttribute("aria-expanded", "true");
    place();
    items()[0].focus({ preventScroll: true });
  }

  function close(giveFocusBack) {
    if (menu().hidden) return;
    menu().hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (giveFocusBack && opener.isConnected) opener.focus({ preventScroll: true });
  }

  function onKey(event) {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Tab") close(true);
    else if (event.key === "Escape") close(true);
    else if (to !== undefined) all.at(to % all.length).focus();
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  }

  function onClick(event) {
    const button = event.target.closest("[data-menu]");
    const chosen = event.target.closest("#track-menu [data-do]");
    if (chosen) {
      close(true);
      DOES[chosen.dataset.do]();
    } else if (button && button === opener && !menu().hidden) close(true);
    else if (button) {
      close(false);
      const about = button.dataset.menu === "playing" ? app.player.current() : app.queue.entryOf(button.closest("[data-track]"));
      if (about) open(button, about);
    } else close(false);
  }

  function attach() {
    menu().addEventListener("keydown", onKey);
    document.addEventListener("click", onClick);
    window.addEventListener("scroll", () => close(false), { passive: true });
    window.addEventListener("resize", () => close(false));
  }

  app.trackmenu = { attach };
})();
