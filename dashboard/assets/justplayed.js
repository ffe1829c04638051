/* The shelf of what is like the track that was just started: there at once, before anything has been computed anew. */
(() => {
  "use strict";
  const { byId, hold, setProps } = window.spotistream;

  const PART = "just-played";
  const KEPT = 60;
  const LINGER_MS = 60;

  const known = new Map(); /* track: its shelf, as Dash draws it */
  let latest = null;
  let drawn = null; /* the part that has been filled */
  let anchor = null; /* what is looked at, and where on the screen it is */

  async function shelfOf(track) {
    if (!known.has(track)) {
      const answer = await fetch(`/similar/${encodeURIComponent(track)}`);
      if (!answer.ok) return null;
      known.set(track, (await answer.json()).shelf);
      if (known.size > KEPT) known.delete(known.keys().next().value);
    }
    return known.get(track);
  }

  /** What stays where it is on the screen while the page above it grows. */
  function holdPlace() {
    const element = document.querySelector("#page .card:hover") ?? document.activeElement?.closest("#page .card");
    const inside = element && byId(PART).contains(element);
    anchor = element && !inside ? { element, top: element.getBoundingClientRect().top, before: byId(PART).textContent } : null;
  }

  function draw(shelf) {
    if (!byId(PART)) return;
    holdPlace();
    drawn = byId(PART);
    setProps(PART, { children: shelf });
  }

  /** A track has been started, or is loaded again. A store that is away costs this shelf and nothing else. */
  async function show(track) {
    latest = track;
    const shelf = await shelfOf(track).catch(() => null);
    if (latest === track) hold.whenFree(PART, () => draw(shelf));
  }

  /** After the page has changed, before it is painted. */
  function refresh() {
    const part = byId(PART);
    if (!part) return;
    if (anchor && part.textContent !== anchor.before) {
      const { element, top } = anchor;
      anchor = null;
      if (element.isConnected) window.scrollBy({ top: element.getBoundingClientRect().top - top, behavior: "instant" });
    }
    if (part !== drawn && known.get(latest)) {
      drawn = part; /* the page is a new one: what was shown is shown again */
      setProps(PART, { children: known.get(latest) });
    }
  }

  let lingering = 0;

  /** Someone comes near a track: what is like it is asked for before the click. */
  function foresee(event) {
    const track = event.target.closest?.("[data-track]")?.dataset.track;
    clearTimeout(lingering);
    if (track && !known.has(track)) lingering = setTimeout(() => shelfOf(track).catch(() => {}), LINGER_MS);
  }

  ["pointerover", "pointerdown", "focusin"].forEach((name) => document.addEventListener(name, foresee, { passive: true }));
  window.spotistream.justplayed = { show, refresh };
})();
