/* Which tracks this browser can play at all, by their format; the others say so on their card. */
(() => {
  "use strict";

  /* As the server sends them: dashboard/routes/media.py. */
  const TYPES = {
    mp3: "audio/mpeg",
    mp2: "audio/mpeg",
    ogg: "audio/ogg",
    oga: "audio/ogg",
    opus: "audio/ogg",
    flac: "audio/flac",
    m4a: "audio/mp4",
    m4b: "audio/mp4",
    mp4: "audio/mp4",
    aac: "audio/aac",
    ac3: "audio/ac3",
    wav: "audio/wav",
    wave: "audio/wav",
    w64: "audio/x-w64",
    rf64: "audio/x-rf64",
    aif: "audio/aiff",
    aiff: "audio/aiff",
    aifc: "audio/aiff",
    au: "audio/basic",
    wma: "audio/x-ms-wma",
    asf: "audio/x-ms-wma",
    webm: "audio/webm",
    weba: "audio/webm",
    mka: "audio/x-matroska",
    ape: "audio/x-ape",
    wv: "audio/x-wavpack",
    mpc: "audio/x-musepack",
    "mp+": "audio/x-musepack",
    mpp: "audio/x-musepack",
    dsf: "audio/x-dsf",
    dff: "audio/x-dff",
    tta: "audio/x-tta",
    tak: "audio/x-tak",
    caf: "audio/x-caf",
    amr: "audio/amr",
  };
  const known = new Map();

  /** False where the browser says that it cannot; an unknown format is tried. */
  function canPlay(format) {
    const name = (format || "").toLowerCase();
    if (!(name in TYPES)) return true;
    if (!known.has(name)) known.set(name, document.createElement("audio").canPlayType(TYPES[name]) !== "");
    return known.get(name);
  }

  const reason = (format) => `This browser cannot play ${format.toUpperCase()}`;

  /** Say it on the cards of the page. */
  function mark() {
    document.querySelectorAll("#page [data-track][data-format]").forEach((card) => {
      if (canPlay(card.dataset.format)) return;
      [card, card.querySelector(".actions, .row-words")].forEach((place) => place && (place.dataset.unplayable = reason(card.dataset.format)));
    });
  }

  window.spotistream.formats = { canPlay, mark, reason };
})();
