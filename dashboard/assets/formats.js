/* Which tracks this browser can play at all, by their format; the others say so on their card. */
(() => {
  "use strict";

  const TYPES = {
    mp3: "audio/mpeg",
    ogg: 'audio/ogg; codecs="vorbis"',
    oga: "audio/ogg",
    opus: 'audio/ogg; codecs="opus"',
    flac: "audio/flac",
    m4a: "audio/mp4",
    mp4: "audio/mp4",
    aac: "audio/aac",
    wav: "audio/wav",
    aif: "audio/aiff",
    aiff: "audio/aiff",
    wma: "audio/x-ms-wma",
    webm: "audio/webm",
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
      if (!canPlay(card.dataset.format)) card.dataset.unplayable = reason(card.dataset.format);
    });
  }

  window.spotistream.formats = { canPlay, mark, reason };
})();
