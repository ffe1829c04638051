/* The outbox: what the listener did, kept until the server has confirmed that Kafka has it.

   Each event has its id from the start, so sending one twice does no harm: it counts once. */
(() => {
  "use strict";
  const { uuid, read, write } = window.spotistream;

  const OUTBOX = "outbox";
  const MAX_KEPT = 2000;
  const BATCH = 40;
  const FIRST_WAIT_MS = 1000;
  const LONGEST_WAIT_MS = 30000;

  let sending = false;
  let leaving = false; /* from then on only the beacon sends */
  let waitMs = FIRST_WAIT_MS;
  let timer = 0;

  const kept = () => read(OUTBOX, []);

  function letGo(eventIds) {
    const gone = new Set(eventIds);
    write(OUTBOX, kept().filter((event) => !gone.has(event.event_id)));
  }

  /** Note an event and send it. Fields that have no value are left out. */
  function record(userId, action, fields) {
    const event = {
      event_id: uuid(),
      user_id: userId,
      action,
      event_time: new Date().toISOString(),
      source: "player",
      ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)),
    };
    write(OUTBOX, [...kept(), event].slice(-MAX_KEPT));
    flush();
    return event;
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(flush, waitMs);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }

  const post = (events) =>
    fetch("/events", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(events),
      keepalive: true,
    });

  /** Send what is kept, oldest first, until nothing is left or the server is away. */
  async function flush() {
    if (sending || leaving) return;
    sending = true;
    try {
      for (let batch = kept().slice(0, BATCH); batch.length; batch = kept().slice(0, BATCH)) {
        const answer = await post(batch);
        /* 202: each event was taken or will never be. 400, 413: none of them ever will be. */
        if (![202, 400, 413].includes(answer.status)) throw new Error(`events: ${answer.status}`);
        letGo(batch.map((event) => event.event_id));
        waitMs = FIRST_WAIT_MS;
      }
    } catch {
      later();
    } finally {
      sending = false;
    }
  }

  /** The page goes: note what is still to be noted, and hand over what is left.

      It stays in the outbox until a later page has it confirmed. */
  function leave(note) {
    leaving = true;
    note();
    const events = kept();
    for (let start = 0; start < events.length; start += BATCH) {
      const body = JSON.stringify(events.slice(start, start + BATCH));
      navigator.sendBeacon("/events", new Blob([body], { type: "application/json" }));
    }
  }

  /** The page was only put aside and is shown again. */
  function comeBack() {
    leaving = false;
    flush();
  }

  window.addEventListener("online", flush);
  window.spotistream.events = { record, flush, leave, comeBack, waiting: () => kept().length };
})();
