/* The rows of a playlist put into another order: by dragging their grips, or with the arrow keys on them.

   The rows are Dash's: while one is dragged it moves in the page, then all go back and Dash is told the new order. */
(() => {
  "use strict";
  const app = window.spotistream;
  const { byId, library, setProps } = app;

  const WAIT_FRAMES = 30;

  const list = () => byId("playlist-rows");
  const rows = () => [...list().children];
  const idOf = (row) => row.dataset.track ?? row.dataset.gone;
  const titleOf = (row) => row.dataset.title ?? "This track";
  const playlist = () => document.querySelector("[data-playlist]")?.dataset.playlist;

  function show(order) {
    setProps("playlist-order", { data: { ...order, at: Date.now() } });
  }

  function say(text) {
    byId("playlist-said").textContent = text;
  }

  /** Give the focus to the grip of a row once the rows are in their new order. */
  function focusAt(track, place, frames = WAIT_FRAMES) {
    const row = rows()[place];
    if (row && idOf(row) === track) row.querySelector("[data-grip]")?.focus();
    else if (frames > 0) requestAnimationFrame(() => focusAt(track, place, frames - 1));
  }

  function move(from, to) {
    const all = rows();
    if (from === to || to < 0 || to >= all.length) return;
    const track = idOf(all[from]);
    const said = `${titleOf(all[from])} is ${to + 1} of ${all.length}`;
    show({ do: "move", from, to });
    focusAt(track, to);
    say(said);
    library.attempt(() => library.change(playlist(), { change: "move", track, to }));
  }

  function remove(row) {
    const [at, track, title, id] = [rows().indexOf(row), idOf(row), titleOf(row), playlist()];
    const back = () =>
      library.attempt(async () => {
        await library.change(id, { change: "add", tracks: [track], at });
        library.changed();
      });
    library.attempt(async () => {
      await library.change(id, { change: "remove", track });
      library.changed(); /* the number of tracks and their length change too */
      if (row.dataset.track) library.toastWithUndo(`${title} is off the playlist`, back);
    });
  }

  /* Dragging */

  let dragged = null;
  let from = -1;

  function onDown(event) {
    const grip = event.target.closest?.(".playlist-rows [data-grip]");
    if (!grip || event.button !== 0) return;
    dragged = grip.closest("li");
    from = rows().indexOf(dragged);
    dragged.classList.add("dragged");
    grip.setPointerCapture(event.pointerId);
  }

  function onMove(event) {
    if (!dragged) return;
    const below = rows().find((each) => {
      const box = each.getBoundingClientRect();
      return each !== dragged && event.clientY < box.top + box.height / 2;
    });
    if (dragged.nextElementSibling !== (below ?? null)) list().insertBefore(dragged, below ?? null);
  }

  function onUp(event) {
    if (!dragged) return;
    const to = rows().indexOf(dragged);
    const others = rows().filter((each) => each !== dragged);
    list().insertBefore(dragged, others[from] ?? null);
    dragged.classList.remove("dragged");
    dragged = null;
    if (event.type === "pointerup") move(from, to);
  }

  function onKey(event) {
    const grip = event.target.closest?.(".playlist-rows [data-grip]");
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!grip || !by) return;
    event.preventDefault();
    const at = rows().indexOf(grip.closest("li"));
    move(at, at + by);
  }

  function onClick(event) {
    const button = event.target.closest("[data-library='remove']");
    if (button) remove(button.closest("li"));
  }

  /** A picture that was loaded when it came near: of another track after the rows were put into order. */
  function follow(changes) {
    changes.forEach(({ target }) => target.hasAttribute("src") && (target.src = target.dataset.lazy));
  }

  new MutationObserver(follow).observe(document.documentElement, { subtree: true, attributeFilter: ["data-lazy"] });
  document.addEventListener("pointerdown", onDown);
  document.addEventListener("pointermove", onMove);
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, onUp));
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);

  /** The rows in their new order, for Dash. */
  function reordered(order, children) {
    const { no_update: none } = window.dash_clientside;
    if (order?.do !== "move" || !Array.isArray(children)) return none;
    const others = children.toSpliced(order.from, 1);
    return others.toSpliced(order.to, 0, children[order.from]);
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    library: { ...window.dash_clientside?.library, reordered },
  });
})();
