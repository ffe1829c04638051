/* The panel of what plays next: shown on demand, put into another order by dragging, by buttons and by keys. */
(() => {
  "use strict";
  const app = window.spotistream;
  const { byId, icon, make, queue, toast } = app;

  const AFTERWARDS = 5;
  const REPEAT_LABELS = { off: "Repeat is off", all: "Repeat all", one: "Repeat this track" };

  const panel = () => byId("queue");
  const isOpen = () => !panel().hidden;
  const list = () => byId("queue-ahead");

  function button(does, label, picture) {
    const made = make("button", { type: "button", "data-queue": does, "aria-label": label, title: label, class: "small-round" });
    made.append(icon(picture));
    return made;
  }

  function words(entry) {
    const label = `Play ${entry.title} by ${entry.artist} now`;
    return make(
      "button",
      { type: "button", "data-queue": "take", class: "queue-words", "aria-label": label },
      make("span", { class: "queue-title" }, entry.title),
      make("span", { class: "queue-artist" }, entry.artist),
    );
  }

  const cover = (entry) =>
    make("img", { src: `/cover/${encodeURIComponent(entry.track)}`, alt: "", width: 44, height: 44, loading: "lazy", draggable: "false" });

  function row(entry, index, entries) {
    const moves = make("span", { class: "queue-moves" });
    const [up, down] = [button("up", `Move ${entry.title} up`, "up"), button("down", `Move ${entry.title} down`, "down")];
    up.disabled = index === 0;
    down.disabled = index === entries.length - 1;
    moves.append(up, down);
    const grip = make("span", { class: "queue-grip", "aria-hidden": "true", title: "Drag to another place" }, icon("grip"));
    const remove = button("remove", `Remove ${entry.title} from the queue`, "close");
    return make("li", { "data-key": entry.key, class: "queue-row" }, grip, cover(entry), words(entry), moves, remove);
  }

  const plain = (entry) => make("li", { "data-key": entry.key, class: "queue-row plain" }, cover(entry), words(entry));

  /** What had the focus keeps it, though its row is made anew; where the row is gone, the one in its place has it. */
  function keepingFocus(draw) {
    const focused = document.activeElement?.closest?.("#queue-ahead [data-queue]");
    const key = focused?.closest("[data-key]").dataset.key;
    const at = focused ? [...list().children].findIndex((each) => each.dataset.key === key) : -1;
    draw();
    if (!focused) return;
    const rows = [...list().children];
    const target = rows.find((each) => each.dataset.key === key) ?? rows[Math.min(at, rows.length - 1)];
    const same = target?.querySelector(`[data-queue="${focused.dataset.queue}"]:not(:disabled)`);
    (same ?? target?.querySelector(".queue-words") ?? byId("queue-close")).focus();
  }

  function draw() {
    drawModes();
    app.radiopanel.draw();
    if (!isOpen() || dragged) return;
    keepingFocus(() => {
      const ahead = queue.ahead();
      list().replaceChildren(...ahead.map(row));
      byId("queue-empty").hidden = ahead.length > 0;
      byId("queue-clear").disabled = ahead.length === 0;
      const after = queue.radio() ? [] : queue.afterwards(app.player.current(), AFTERWARDS);
      byId("queue-after").replaceChildren(...after.map(plain));
      byId("queue-after-heading").hidden = after.length === 0;
    });
  }

  function drawModes() {
    const { shuffle, repeat } = queue.modes();
    document.querySelectorAll("[data-mode='shuffle']").forEach((each) => each.setAttribute("aria-pressed", String(shuffle)));
    document.querySelectorAll("[data-mode='repeat']").forEach((each) => {
      each.setAttribute("aria-pressed", String(repeat !== "off"));
      each.setAttribute("aria-label", REPEAT_LABELS[repeat]);
      each.title = REPEAT_LABELS[repeat];
      each.dataset.repeat = repeat;
    });
  }

  function open(is) {
    panel().hidden = !is;
    byId("player-queue").setAttribute("aria-expanded", String(is));
    draw();
    if (is) byId("queue-close").focus();
    else if (!document.activeElement || document.activeElement === document.body) byId("player-queue").focus();
  }

  function place(key) {
    const entries = queue.ahead();
    const at = entries.findIndex((each) => each.key === key);
    return { at, title: entries[at]?.title, track: entries[at]?.track, count: entries.length };
  }

  /** By one place, said to those who do not see it. */
  function step(key, by) {
    const { at, count } = place(key);
    if (at + by < 0 || at + by >= count) return;
    queue.move(key, at + by);
    say(key);
  }

  function say(key) {
    const { at, title, count } = place(key);
    byId("queue-said").textContent = `${title} is ${at + 1} of ${count}`;
  }

  const DOES = {
    take: (key) => app.player.playEntry(queue.take(key)),
    up: (key) => step(key, -1),
    down: (key) => step(key, 1),
    remove(key) {
      const { title, track } = place(key);
      queue.remove(key);
      app.radio.remember(track);
      toast(`${title} is no longer in the queue`);
    },
  };

  function onClick(event) {
    const pressed = event.target.closest("[data-queue]");
    if (pressed) DOES[pressed.dataset.queue](pressed.closest("[data-key]").dataset.key);
  }

  function onKey(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      open(false);
      byId("player-queue").focus();
    }
    const key = event.target.closest("#queue-ahead [data-key]")?.dataset.key;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!key || !(event.key === "Delete" || (event.altKey && by))) return;
    event.preventDefault();
    if (by) step(key, by);
    else DOES.remove(key);
  }

  /* Dragging: with mouse, pen or finger, by the grip. */

  const EDGE_PX = 36;
  const SCROLL_PX = 14;
  let dragged = null;

  /** A long list moves on where the dragged row comes to its edge. */
  function scrollAtEdge(y) {
    const lists = list().parentElement;
    const { top, bottom } = lists.getBoundingClientRect();
    if (y < top + EDGE_PX) lists.scrollTop -= SCROLL_PX;
    else if (y > bottom - EDGE_PX) lists.scrollTop += SCROLL_PX;
  }

  function onGrip(event) {
    const grip = event.target.closest(".queue-grip");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    dragged = grip.closest("li");
    dragged.classList.add("dragged");
    panel().setPointerCapture(event.pointerId);
  }

  function onDrag(event) {
    if (!dragged) return;
    scrollAtEdge(event.clientY);
    const below = [...list().children].find((each) => {
      const box = each.getBoundingClientRect();
      return each !== dragged && event.clientY < box.top + box.height / 2;
    });
    if (dragged.nextElementSibling !== (below ?? null)) list().insertBefore(dragged, below ?? null);
  }

  function onDrop() {
    if (!dragged) return;
    const { key } = dragged.dataset;
    const to = [...list().children].indexOf(dragged);
    dragged.classList.remove("dragged");
    dragged = null;
    queue.move(key, to);
    say(key);
  }

  function attach() {
    byId("player-queue").addEventListener("click", () => open(!isOpen()));
    byId("queue-close").addEventListener("click", () => {
      open(false);
      byId("player-queue").focus();
    });
    byId("queue-clear").addEventListener("click", () => {
      queue.clear();
      byId("queue-close").focus();
    });
    panel().addEventListener("click", onClick);
    panel().addEventListener("keydown", onKey);
    panel().addEventListener("pointerdown", onGrip);
    panel().addEventListener("pointermove", onDrag);
    ["pointerup", "pointercancel"].forEach((name) => panel().addEventListener(name, onDrop));
    queue.watch(draw);
    drawModes();
  }

  app.queuepanel = { attach, draw, toggle: () => open(!isOpen()) };
})();
