/* What plays next: what the listener put there, the rest of the shelf they started from or a radio, then "for you", which
   changes while we listen. Kept for each listener by the browser. */
(() => {
  "use strict";
  const { uuid, read, write } = window.spotistream;

  const FOR_YOU = "for-you";
  const RADIO = "radio";
  const REMEMBERED = 30;
  const MOST = 500;
  const REPEATS = ["off", "all", "one"];
  const EMPTY = {
    ...{ ahead: [], done: [], back: [], heard: [] },
    ...{ shuffle: false, repeat: "off", current: null, position: 0, radio: null },
  };

  let owner = null;
  let state = { ...EMPTY };
  let offer = null; /* the newest "for you" */
  let isWelcome = () => true; /* whether autoplay may take a track */
  let changed = () => {};

  function save() {
    if (owner !== null) write(`queue.${owner}`, state);
  }

  function update(values) {
    state = { ...state, ...values };
    save();
    changed();
  }

  /** A card, or the head of a track page, as an entry of the queue. */
  function entryOf(element) {
    const { track, title, artist, format, lufs } = element.dataset;
    const { shelf, model } = element.closest("[data-shelf]")?.dataset ?? {};
    return { key: uuid(), track, title, artist, format, lufs: lufs && Number(lufs), shelf, model };
  }

  const isAuto = (entry) => [FOR_YOU, RADIO].includes(entry.shelf) && !entry.chosen;

  function shuffled(entries) {
    const mixed = [...entries];
    for (let last = mixed.length - 1; last > 0; last -= 1) {
      const other = Math.floor(Math.random() * (last + 1));
      [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
    }
    return mixed;
  }

  const inOrder = (entries) => (state.shuffle ? shuffled(entries) : entries);

  /** Begin with a card: the rest of its shelf follows what the listener had put into the queue. */
  function startFrom(element) {
    const shelf = element.closest("[data-shelf]");
    const cards = shelf && shelf !== element && shelf.dataset.shelf !== FOR_YOU ? [...shelf.querySelectorAll("[data-track]")] : [];
    const at = cards.indexOf(element);
    const rest = cards.filter((card, index) => (state.shuffle ? index !== at : index > at));
    const chosen = state.ahead.filter((entry) => entry.chosen);
    const ahead = [...chosen, ...inOrder(rest.map(entryOf))].slice(0, MOST);
    update({ ahead, done: [], before: undefined, radio: null });
    return entryOf(element);
  }

  const offered = () =>
    (offer?.tracks || [])
      .map((each) => ({
        key: `auto-${each.track_id}`,
        track: each.track_id,
        title: each.title,
        artist: each.artist,
        format: each.format,
        lufs: each.lufs,
        shelf: FOR_YOU,
        model: offer.model_version,
      }))
      .filter(isWelcome);

  /** What follows when the queue is over: "for you" without what was just heard. */
  function autoplay(current, count) {
    const taken = new Set([current, ...state.ahead].map((entry) => entry?.track));
    const others = offered().filter((entry) => !taken.has(entry.track));
    const fresh = others.filter((entry) => !state.heard.includes(entry.track));
    return (fresh.length ? fresh : others).slice(0, count);
  }

  const lap = (current) => [...state.done, ...(current && !isAuto(current) ? [current] : [])];

  /** The entry after `current`, without going there; null where that is not known or nothing is left. */
  function upcoming(current) {
    if (state.ahead.length) return state.ahead[0];
    const again = state.repeat === "all" ? lap(current) : [];
    if (again.length) return state.shuffle && again.length > 1 ? null : again[0];
    return autoplay(current, 1)[0] ?? null;
  }

  /** Go on: the entry after `current`, taken out of the queue; null when nothing is left. */
  function advance(current) {
    const done = lap(current);
    const over = !state.ahead.length && state.repeat === "all" && done.length > 0;
    const [entry, ...ahead] = over ? inOrder(done) : [state.ahead[0] ?? autoplay(current, 1)[0], ...state.ahead.slice(1)];
    if (!entry) return null;
    leave(current);
    update({ ahead, done: over ? [] : done });
    return { ...entry, key: uuid() };
  }

  function leave(entry) {
    if (entry) update({ back: [...state.back, entry].slice(-REMEMBERED) });
  }

  /** The entry before; the current one is then the next. */
  function goBack(current) {
    const entry = state.back.at(-1);
    if (!entry) return null;
    const done = state.done.filter((each) => each.key !== entry.key);
    update({ back: state.back.slice(0, -1), ahead: current ? [current, ...state.ahead] : state.ahead, done });
    return entry;
  }

  function played(entry) {
    const heard = [...state.heard.filter((track) => track !== entry.track), entry.track].slice(-REMEMBERED);
    state = { ...state, heard };
    save();
  }

  /** Play an entry of the queue now; the others stay. */
  function take(key) {
    const entry = [...state.ahead, ...offered()].find((each) => each.key === key) ?? null;
    update({ ahead: state.ahead.filter((each) => each.key !== key) });
    return entry && { ...entry, key: uuid() };
  }

  const chosen = (entry) => ({ ...entry, key: uuid(), chosen: true });

  const playNext = (entry) => update({ ahead: [chosen(entry), ...state.ahead].slice(0, MOST) });

  /** After what the listener has put there before, ahead of the rest of the shelf. */
  function add(entry) {
    const at = state.ahead.findLastIndex((each) => each.chosen) + 1;
    update({ ahead: state.ahead.toSpliced(at, 0, chosen(entry)).slice(0, MOST) });
  }

  const remove = (key) => update({ ahead: state.ahead.filter((each) => each.key !== key) });
  const removeTrack = (track) => update({ ahead: state.ahead.filter((each) => each.track !== track) });

  /** To another place, 0 is next; what is moved is the listener's choice. */
  function move(key, to) {
    const entry = state.ahead.find((each) => each.key === key);
    const others = state.ahead.filter((each) => each.key !== key);
    if (entry) update({ ahead: others.toSpliced(Math.min(Math.max(to, 0), others.length), 0, entry) });
  }

  /** Mix what is ahead, or bring it back into its order. */
  function toggleShuffle() {
    if (!state.shuffle) {
      const before = state.ahead.map((entry) => entry.key);
      update({ shuffle: true, before, ahead: shuffled(state.ahead) });
    } else {
      const place = new Map((state.before || []).map((key, index) => [key, index]));
      const ahead = state.ahead.toSorted((one, other) => (place.get(one.key) ?? -1) - (place.get(other.key) ?? -1));
      update({ shuffle: false, before: undefined, ahead });
    }
    return state.shuffle;
  }

  function cycleRepeat() {
    update({ repeat: REPEATS[(REPEATS.indexOf(state.repeat) + 1) % REPEATS.length] });
    return state.repeat;
  }

  /** A radio follows what the listener put into the queue. */
  function beginRadio(radio, entries) {
    const chosen = state.ahead.filter((entry) => entry.chosen);
    update({ ahead: [...chosen, ...entries].slice(0, MOST), done: [], before: undefined, radio });
  }

  const endRadio = () => update({ ahead: state.ahead.filter((entry) => entry.chosen || entry.shelf !== RADIO), radio: null });

  /** What is loaded and where in it we are, for the next time the page is opened. */
  function remember(current, position) {
    state = { ...state, current, position };
    save();
  }

  /** The queue of a listener, as this browser kept it. */
  function load(userId) {
    owner = userId;
    state = { ...EMPTY, ...read(`queue.${userId}`, {}) };
    offer = offer?.user_id === userId ? offer : null;
    changed();
    return { current: state.current, position: state.position };
  }

  function setOffer(data) {
    if (!data?.tracks) return;
    offer = data;
    changed();
  }

  window.spotistream.queue = {
    entryOf,
    startFrom,
    upcoming,
    advance,
    leave,
    goBack,
    played,
    take,
    playNext,
    add,
    remove,
    removeTrack,
    move,
    clear: () => update({ ahead: [], radio: null }),
    beginRadio,
    endRadio,
    radio: () => state.radio,
    setRadio: (radio) => update({ radio }),
    follow: (ahead) => update({ ahead: ahead.slice(0, MOST) }),
    toggleShuffle,
    cycleRepeat,
    remember,
    load,
    setOffer,
    ahead: () => state.ahead,
    modes: () => ({ shuffle: state.shuffle, repeat: state.repeat }),
    afterwards: (current, count) => autoplay(current, count),
    watch: (does) => (changed = does),
    welcome: (test) => (isWelcome = test),
  };
})();
