/* One listen of one track: how long it was really heard, and the events it becomes.

   "play" when sound starts; then exactly one end: "complete" where enough was heard, "skip" where it was left before.
   While it lasts, what was heard is kept in the browser: a page that crashes leaves it behind, and the next one ends it. */
(() => {
  "use strict";
  const { uuid, events, read, write, drop, keys } = window.spotistream;
  const app = window.spotistream; /* the opinions and the radio are loaded after this file */

  const LARGEST_STEP_S = 2; /* a larger step of the position is a seek, not listening */
  const LISTEN_S = 240; /* ListenBrainz: a listen counts from half the track or four minutes */
  const SAVE_EVERY_MS = 2000;
  const OPEN = "open."; /* listens that have begun and not ended */
  const RESUMABLE_MS = 30 * 60 * 1000;
  const SILENT_MS = 90 * 1000; /* without locks: an open listen that was not saved for so long belongs to no page */

  const page = uuid();
  const lockOf = (id) => `spotistream.page.${id}`;

  const counts = (heardS, durationS) => heardS >= Math.min(durationS / 2 || Infinity, LISTEN_S);

  function endOf(kept, action, at) {
    events.record(kept.userId, action, {
      ...kept.fields,
      event_id: kept.endId, /* fixed when it began: ended twice, it is one event */
      event_time: new Date(at).toISOString(),
      played_ms: Math.round(kept.heardS * 1000),
    });
    drop(OPEN + kept.fields.session_id);
  }

  /** A listen; `earlier` is one of the same track that was kept and goes on. */
  function create(userId, entry, earlier = null) {
    const fields = { track_id: entry.track, session_id: uuid(), shelf: entry.shelf, model_version: entry.model };
    const kept = { userId, fields, endId: uuid(), heardS: 0, durationS: null, sent: false, ...earlier, page };
    let positionS = 0;
    let started = earlier !== null;
    let over = false;
    let savedAt = 0;

    function save() {
      savedAt = Date.now();
      if (started && !over) write(OPEN + kept.fields.session_id, { ...kept, savedAt });
    }

    function end(action) {
      if (!started || over) return;
      over = true;
      app.radio.ended(entry, counts(kept.heardS, kept.durationS));
      if (kept.sent) drop(OPEN + kept.fields.session_id);
      else endOf(kept, action, Date.now());
    }

    return {
      start() {
        if (started) return;
        started = true;
        const event = events.record(userId, "play", kept.fields);
        app.opinions.notePlay(userId, entry.track, event.event_id);
        save();
      },
      at(seconds, durationS) {
        const step = seconds - positionS;
        if (step > 0 && step < LARGEST_STEP_S) kept.heardS += step;
        positionS = seconds;
        kept.durationS = Number.isFinite(durationS) ? durationS : kept.durationS;
        if (Date.now() - savedAt > SAVE_EVERY_MS) save();
      },
      jumpTo(seconds) {
        positionS = seconds;
      },
      isOver: () => over,
      hasStarted: () => started,
      save,
      sessionId: kept.fields.session_id,
      /** The end of the track. What was only jumped through is no listen. */
      complete: () => end(counts(kept.heardS, kept.durationS) ? "complete" : "skip"),
      skip: () => end("skip"),
      /** The page closes: the end of a listen that counts is sent. It may go on when the page is opened again. */
      leave() {
        if (!started || over) return;
        if (!kept.sent && counts(kept.heardS, kept.durationS)) {
          endOf(kept, "complete", Date.now());
          kept.sent = true;
        }
        save();
      },
    };
  }

  /** Pages that are open hold a lock each; null where the browser has no locks. */
  async function openPages() {
    if (!navigator.locks) return null;
    const { held } = await navigator.locks.query();
    return new Set(held.map((lock) => lock.name));
  }

  function holdLock() {
    navigator.locks?.request(lockOf(page), () => new Promise(() => {}));
  }

  /** Listens of pages that are gone. That of `track` is handed back if it may go on; the others end as they were left. */
  async function recover(userId, track) {
    const open = await openPages();
    const now = Date.now();
    let resumable = null;
    keys(OPEN).forEach((key) => {
      const kept = read(key, null);
      if (!kept || kept.page === page) return;
      if (open ? open.has(lockOf(kept.page)) : now - kept.savedAt < SILENT_MS) return;
      const same = kept.userId === userId && kept.fields.track_id === track && now - kept.savedAt < RESUMABLE_MS;
      if (same && !resumable) resumable = kept;
      else abandon(kept);
    });
    return resumable;
  }

  function abandon(kept) {
    if (kept.sent) drop(OPEN + kept.fields.session_id);
    else endOf(kept, counts(kept.heardS, kept.durationS) ? "complete" : "skip", kept.savedAt);
  }

  window.spotistream.listen = { create, recover, abandon, holdLock, counts };
})();
