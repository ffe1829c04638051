/* Two audio elements: one plays, the other has the next track ready or fades out. The id "audio" is that of the one that
   plays. They are in the frame of the page, so they live on while pages change. */
(() => {
  "use strict";
  const { read, write } = window.spotistream;

  const TARGET_LUFS = -16; /* AES TD1008 for music on speakers and headphones */
  const FADE_STEP_MS = 40;
  const [PLAYING, SPARE] = ["audio", "audio-spare"];

  const deck = { playing: null, spare: null };
  const loaded = new WeakMap(); /* element: its entry */
  const shares = new WeakMap(); /* element: its share of the volume while fading, 0 to 1 */
  let level = 0.8;
  let muted = false;
  let fading = 0;
  let settings = { crossfadeS: 0, levelled: true };

  const limited = (value) => Math.min(Math.max(value, 0), 1);
  const addressOf = (entry) => `/media/${encodeURIComponent(entry.track)}`;

  /** By how much a track is turned up or down to be as loud as the others. Its volume never exceeds full scale. */
  function gain(lufs) {
    return settings.levelled && Number.isFinite(lufs) ? 10 ** ((TARGET_LUFS - lufs) / 20) : 1;
  }

  function applyVolume() {
    [deck.playing, deck.spare].forEach((element) => {
      element.volume = limited(level * gain(loaded.get(element)?.lufs) * (shares.get(element) ?? 1));
      element.muted = muted;
    });
  }

  function empty(element) {
    element.pause();
    element.removeAttribute("src");
    element.load();
    loaded.delete(element);
    shares.delete(element);
  }

  function endFade() {
    if (!fading) return;
    clearInterval(fading);
    fading = 0;
    shares.delete(deck.playing);
    empty(deck.spare);
    applyVolume();
  }

  /** The other element is the one that plays from here on. */
  function swap() {
    deck.playing.id = SPARE;
    deck.spare.id = PLAYING;
    [deck.playing, deck.spare] = [deck.spare, deck.playing];
  }

  function setSource(element, entry) {
    loaded.set(element, entry);
    element.src = addressOf(entry);
  }

  const isReady = (entry) => loaded.get(deck.spare)?.track === entry.track && !deck.spare.error;

  /** Load a track into the element that plays, at once where it was prepared. */
  function load(entry, atS = 0) {
    endFade();
    if (isReady(entry)) {
      swap();
      loaded.set(deck.playing, entry);
      empty(deck.spare);
    } else setSource(deck.playing, entry);
    if (atS) deck.playing.currentTime = atS;
    applyVolume();
  }

  /** Fetch the track that comes next, so that it begins without a pause. */
  function prepare(entry) {
    if (fading || !entry || isReady(entry)) return;
    setSource(deck.spare, entry);
    applyVolume();
  }

  /** Let the next track in while this one goes out, with equal power. */
  function crossTo(entry, seconds) {
    endFade();
    if (!isReady(entry)) setSource(deck.spare, entry);
    swap();
    loaded.set(deck.playing, entry);
    const began = performance.now();
    const step = () => {
      const share = limited((performance.now() - began) / 1000 / seconds);
      shares.set(deck.playing, Math.sin((share * Math.PI) / 2));
      shares.set(deck.spare, Math.cos((share * Math.PI) / 2));
      applyVolume();
      if (share >= 1 || deck.spare.ended) endFade();
    };
    fading = setInterval(step, FADE_STEP_MS);
    step();
  }

  function setVolume(value) {
    level = limited(value);
    muted = false;
    write("volume", level);
    applyVolume();
  }

  function set(values) {
    settings = { ...settings, ...values };
    write("playback", settings);
    applyVolume();
  }

  /** Call `does` for events of the element that plays. */
  function on(name, does) {
    [deck.playing, deck.spare].forEach((element) =>
      element.addEventListener(name, () => element === deck.playing && does(element)),
    );
  }

  function attach() {
    deck.playing = document.getElementById(PLAYING);
    deck.spare = document.getElementById(SPARE);
    level = read("volume", level);
    settings = { ...settings, ...read("playback", {}) };
    applyVolume();
  }

  window.spotistream.decks = {
    attach,
    on,
    load,
    prepare,
    crossTo,
    gain,
    set,
    setVolume,
    pause() {
      endFade();
      deck.playing.pause();
    },
    toggleMute() {
      muted = !muted;
      applyVolume();
    },
    audio: () => deck.playing,
    volume: () => ({ level, muted }),
    settings: () => settings,
  };
})();
