/* A part of the page does not change under someone who is about to click in it: while the pointer or the keyboard is
   there the newest change waits, with a mark that there is one. */
(() => {
  "use strict";
  const { byId } = window.spotistream;

  const LOOK_AGAIN_MS = 250;
  const MARK = "Something new: it comes when you move on";

  const waiting = new Map(); /* id of a part: what is to happen */
  let pressed = null;
  let points = false; /* by a mouse or a pen; after a touch what was touched still counts as hovered */
  let looking = 0;

  /** True while there are tracks to click at and someone is at them. */
  function isBusy(id) {
    const part = byId(id);
    if (!part?.querySelector("[data-track]")) return false;
    const pointed = points ? part.matches(":hover") : part.contains(pressed);
    return pointed || part.querySelector(":focus-visible") !== null;
  }

  function mark(id, is) {
    const part = byId(id);
    if (!part) return;
    if (is) part.dataset.held = MARK;
    else delete part.dataset.held;
  }

  function release() {
    waiting.forEach((does, id) => {
      if (isBusy(id)) return;
      waiting.delete(id);
      mark(id, false);
      does();
    });
    if (waiting.size) return;
    clearInterval(looking);
    looking = 0;
  }

  /** Do it now, or when nobody is at this part any more; only the newest of what waits is done. */
  function whenFree(id, does) {
    waiting.set(id, does);
    if (isBusy(id)) {
      mark(id, true);
      looking = looking || setInterval(release, LOOK_AGAIN_MS);
    } else release();
  }

  ["pointerover", "pointerdown"].forEach((name) =>
    document.addEventListener(name, (event) => (points = event.pointerType !== "touch"), { passive: true }),
  );
  document.addEventListener("pointerdown", (event) => (pressed = event.target), { passive: true });
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, () => (pressed = null), { passive: true }));
  ["pointermove", "focusin"].forEach((name) =>
    document.addEventListener(name, () => waiting.size && release(), { passive: true }),
  );

  window.spotistream.hold = { whenFree };
})();
