/* What plays next: along the shelf a track was started from, then along "for you", which changes while we listen. */
(() => {
  "use strict";

  const FOR_YOU = "for-you";
  const REMEMBERED = 30;

  let line = []; /* the shelf the listener started from, in its order */
  let offer = null; /* the newest "for you" */
  let heard = []; /* track ids, oldest first: not played again at once */
  let back = []; /* entries for "previous" */

  /** A card, or the head of a track page, as an entry of the queue. */
  function entryOf(element) {
    const { track, title, artist, format } = element.dataset;
    const shelf = element.closest("[data-shelf]");
    return { track, title, artist, format, shelf: shelf?.dataset.shelf, model: shelf?.dataset.model };
  }

  const cardsOf = (shelf) => Array.from(shelf.querySelectorAll("[data-track]"), entryOf);

  function startFrom(element) {
    const shelf = element.closest("[data-shelf]");
    line = shelf && shelf !== element ? cardsOf(shelf) : [];
    return entryOf(element);
  }

  const offered = () =>
    (offer?.tracks || []).map((each) => ({
      track: each.track_id,
      title: each.title,
      artist: each.artist,
      format: each.format,
      shelf: FOR_YOU,
      model: offer.model_version,
    }));

  const fresh = (entries) => entries.find((entry) => !heard.includes(entry.track)) || null;

  /** The entry after `current`, or null when nothing is left that was not just heard. */
  function next(current) {
    if (current && current.shelf !== FOR_YOU) {
      const at = line.findIndex((entry) => entry.track === current.track);
      const ahead = fresh(line.slice(at + 1));
      if (ahead) return ahead;
    }
    return fresh(offered()) || offered().find((entry) => entry.track !== current?.track) || null;
  }

  function played(entry) {
    heard = [...heard.filter((track) => track !== entry.track), entry.track].slice(-REMEMBERED);
  }

  function leave(entry) {
    back = [...back, entry].slice(-REMEMBERED);
  }

  const previous = () => back.pop() || null;

  window.spotistream.queue = {
    startFrom,
    next,
    previous,
    played,
    leave,
    setOffer: (data) => {
      if (data?.tracks) offer = data;
    },
    upcoming: () => next(null),
  };
})();
