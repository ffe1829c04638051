/* The map page: draws the points, moves about in them, says what they are, and shows where the listener is. */
(() => {
  "use strict";
  const app = window.spotistream; /* mapdata.js, mapdots.js and maplist.js are loaded after this file */
  const { byId, read, write } = app;

  const CLOSEST = 400;
  const LISTED = 8;
  const CATCH_PX = 14; /* how near to a point the pointer must be */
  const FOLLOW_MS = 1500;
  const TRAIL = 40;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  let map = null;
  let kind = null; /* what the points are coloured by: one of map.kinds */
  let box, canvas, pen;
  let view = { x: 0, y: 0, scale: 1 };
  let hidden = new Set(); /* numbers of genres, or topics, that are switched off */
  let pointers = new Map();
  let moved = 0;
  let hovered = -1;
  let here = null; /* the listener, on the way to where they are */
  let frame = 0;
  let listing = 0;
  let listener = null;

  const part = (name) => box.querySelector(`.map-${name}`);
  const isShown = (number) => !hidden.has(number);
  const isSeen = (i) => isShown(kind.of[i]);
  const pixels = () => Math.min(canvas.width, canvas.height) / 2 / 1.05;
  const toScreen = (x, y) => [
    canvas.width / 2 + (x - view.x) * view.scale * pixels(),
    canvas.height / 2 - (y - view.y) * view.scale * pixels(),
  ];
  const toMap = (left, top) => [
    view.x + (left - canvas.width / 2) / view.scale / pixels(),
    view.y - (top - canvas.height / 2) / view.scale / pixels(),
  ];

  /* Drawing */

  function ring(x, y, radius, colour, width) {
    pen.beginPath();
    pen.arc(x, y, radius * devicePixelRatio, 0, 2 * Math.PI);
    pen.lineWidth = width * devicePixelRatio;
    pen.strokeStyle = colour;
    pen.stroke();
  }

  const trailKey = () => `trail.${listener}`;
  const trail = () => read(trailKey(), []).filter((each) => each.version === map.version);

  function drawListener() {
    if (!here) return;
    const ink = getComputedStyle(canvas).color;
    pen.beginPath();
    [...trail(), here].forEach((each, step) => pen[step ? "lineTo" : "moveTo"](...toScreen(each.x, each.y)));
    pen.lineWidth = 2 * devicePixelRatio;
    pen.strokeStyle = ink;
    pen.globalAlpha = 0.55;
    pen.stroke();
    pen.globalAlpha = 1;
    const [x, y] = toScreen(here.x, here.y);
    ring(x, y, 9, getComputedStyle(canvas).backgroundColor, 7);
    ring(x, y, 9, ink, 3);
    pen.font = `650 ${13 * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`;
    pen.fillStyle = ink;
    pen.fillText("you", x + 16 * devicePixelRatio, y + 5 * devicePixelRatio);
  }

  function draw() {
    frame = 0;
    if (!map || !canvas.isConnected) return;
    app.mapdots.paint(pen, map, view, pixels(), kind.of, hidden);
    if (hovered >= 0) ring(...toScreen(map.x[hovered], map.y[hovered]), 7, getComputedStyle(canvas).color, 2);
    drawListener();
  }

  function redraw() {
    frame = frame || requestAnimationFrame(draw);
  }

  function fit() {
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    redraw();
  }

  /* Moving about */

  function look(next) {
    const scale = Math.min(Math.max(next.scale, 0.8), CLOSEST);
    const held = (value) => Math.min(Math.max(value, -1.1), 1.1);
    view = { x: held(next.x), y: held(next.y), scale };
    redraw();
    clearTimeout(listing);
    listing = setTimeout(list, 250);
  }

  function zoom(factor, left = canvas.width / 2, top = canvas.height / 2) {
    const [x, y] = toMap(left, top);
    const scale = Math.min(Math.max(view.scale * factor, 0.8), CLOSEST);
    const kept = view.scale / scale;
    look({ x: x + (view.x - x) * kept, y: y + (view.y - y) * kept, scale });
  }

  const place = (event) => {
    const bounds = canvas.getBoundingClientRect();
    return [(event.clientX - bounds.left) * devicePixelRatio, (event.clientY - bounds.top) * devicePixelRatio];
  };

  const pointAt = (left, top) =>
    app.mapdata.nearest(map, ...toMap(left, top), 1, (CATCH_PX * devicePixelRatio) / view.scale / pixels(), isSeen)[0] ?? -1;

  function onMove(event) {
    const before = pointers.get(event.pointerId);
    const now = place(event);
    if (!before) {
      hover(pointAt(...now), now);
      return;
    }
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    const step = [now[0] - before[0], now[1] - before[1]];
    moved += Math.hypot(...step);
    pointers.set(event.pointerId, now);
    if (others.length) {
      const apart = (at) => Math.hypot(at[0] - others[0][0], at[1] - others[0][1]) || 1;
      zoom(apart(now) / apart(before), (now[0] + others[0][0]) / 2, (now[1] + others[0][1]) / 2);
    } else {
      const scale = view.scale * pixels();
      look({ ...view, x: view.x - step[0] / scale, y: view.y + step[1] / scale });
    }
  }

  function onUp(event) {
    pointers.delete(event.pointerId);
    if (event.type === "pointerup" && moved < 6 * devicePixelRatio && !pointers.size) {
      const i = pointAt(...place(event));
      if (i >= 0) play(i);
    }
  }

  function onKey(event) {
    const far = 0.25 / view.scale;
    const does = {
      ArrowLeft: () => look({ ...view, x: view.x - far }),
      ArrowRight: () => look({ ...view, x: view.x + far }),
      ArrowUp: () => look({ ...view, y: view.y + far }),
      ArrowDown: () => look({ ...view, y: view.y - far }),
      "+": () => zoom(1.5),
      "=": () => zoom(1.5),
      "-": () => zoom(1 / 1.5),
      0: () => look({ x: 0, y: 0, scale: 1 }),
      Enter: () => document.querySelector(".map-list [data-play]")?.click(),
    }[event.key];
    if (!does || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); /* not the player's keys too */
    does();
  }

  /* What points are */

  async function hover(i, at) {
    const tip = part("tip");
    canvas.style.cursor = i < 0 ? "grab" : "pointer";
    if (i !== hovered) redraw();
    hovered = i;
    if (i < 0) {
      tip.hidden = true;
      return;
    }
    const [track] = await app.maplist.named(map, [i]).catch(() => []);
    if (!track || hovered !== i) return;
    tip.textContent = `${track.title} · ${track.artist}`;
    tip.dataset.group = app.maplist.groupOf(kind, i) ?? "";
    tip.hidden = false;
    const room = canvas.clientWidth - tip.offsetWidth - 8;
    tip.style.transform = `translate(${Math.max(8, Math.min(at[0] / devicePixelRatio + 12, room))}px, ${at[1] / devicePixelRatio + 16}px)`;
  }

  const shelf = () => document.querySelector(".map-list");

  /** The tracks nearest to the middle of what is seen: the map for those who do not see or point. */
  async function list() {
    if (!map || !canvas.isConnected) return;
    const numbers = app.mapdata.nearest(map, view.x, view.y, LISTED, 4, isSeen);
    const tracks = await app.maplist.named(map, numbers).catch(() => []);
    if (canvas.isConnected) shelf().replaceChildren(...tracks.map((track) => rowOf(track)));
  }

  const rowOf = (track) => app.maplist.rowOf(track, app.maplist.groupOf(kind, map.ids.indexOf(track.track_id)));

  async function play(i) {
    const [track] = await app.maplist.named(map, [i]).catch(() => []);
    if (!track) return;
    let row = [...shelf().children].find((each) => each.dataset.track === track.track_id);
    if (!row) shelf().prepend((row = rowOf(track)));
    app.player.press(row.querySelector("[data-play]"));
  }

  function toggle(number) {
    if (!hidden.delete(number)) hidden.add(number);
    look(view);
  }

  function colour(by) {
    [kind, hidden, hovered] = [by, new Set(), -1];
    part("tip").hidden = true;
    part("legend").replaceChildren(...app.maplist.legend(kind, isShown, toggle));
    redraw();
    list();
  }

  /* The listener */

  function glide(to) {
    const from = here || to;
    const start = performance.now();
    const step = (now) => {
      const share = calm.matches ? 1 : Math.min((now - start) / 900, 1);
      const eased = 1 - (1 - share) ** 3;
      here = { x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased };
      redraw();
      if (share < 1 && canvas.isConnected) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  function follow() {
    if (!map || !canvas?.isConnected) return;
    const who = app.listener.current();
    const to = app.mapdata.position(map, read(`recent.${who}`, []));
    if (who !== listener) [listener, here] = [who, null];
    const last = trail().at(-1);
    if (!to || (here && last && last.x === to.x && last.y === to.y)) return;
    if (!last || last.x !== to.x || last.y !== to.y) write(trailKey(), [...trail(), { ...to, version: map.version }].slice(-TRAIL));
    if (!here && last) here = last;
    glide(to);
  }

  /* The page */

  function wire() {
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      if (!pointers.size) moved = 0;
      pointers.set(event.pointerId, place(event));
    });
    canvas.addEventListener("pointermove", onMove);
    ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, onUp));
    canvas.addEventListener("pointerleave", () => hover(-1));
    canvas.addEventListener("keydown", onKey);
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * 0.0016), ...place(event));
    }, { passive: false });
    box.addEventListener("click", (event) => {
      const what = event.target.closest("[data-map]")?.dataset.map;
      if (what === "all") look({ x: 0, y: 0, scale: 1 });
      else if (what) zoom(what === "in" ? 1.6 : 1 / 1.6);
    });
    new ResizeObserver(fit).observe(canvas);
  }

  async function open() {
    box = byId("map");
    box.dataset.equipped = "true";
    canvas = byId("map-canvas");
    pen = canvas.getContext("2d");
    [map, here, hovered, pointers, hidden] = [null, null, -1, new Map(), new Set()];
    view = { x: 0, y: 0, scale: 1 };
    part("said").textContent = "The map is being loaded …";
    wire();
    try {
      map = await app.mapdata.load();
    } catch {
      part("said").textContent = "The map cannot be read just now. Open this page again in a moment.";
      return;
    }
    part("said").textContent = "";
    box.classList.remove("loading");
    app.mapkinds.wire(map, colour);
    fit();
    follow();
  }

  /** Once the frame of the page is there. */
  function attach() {
    const look_ = () => byId("map") && !byId("map").dataset.equipped && open();
    new MutationObserver(look_).observe(byId("page"), { childList: true, subtree: true });
    document.addEventListener("spotistream:theme", redraw);
    setInterval(follow, FOLLOW_MS);
    look_();
  }

  app.map = { attach, state: () => ({ points: map?.count ?? 0, view, here, colours: () => [...kind.of], screen: map && ((i) => toScreen(map.x[i], map.y[i])), ids: map?.ids }) };
})();
