/* The outbox: what the listener did, kept until the server has confirmed that Kafka has it.

   Each event has its id from the start, so sending one twice does no harm: it counts once. Each is kept under a key of
   its own, so pages that are open beside each other do not overwrite what the other has kept. */
(() => {
  "use strict";
  const { uuid, read, write, drop, keys } = window.spotistream;

  const OUTBOX = "outbox.";
  const MAX_KEPT = 2000;
  const BATCH = 40;
  const FIRST_WAIT_MS = 1000;
  const LONGEST_WAIT_MS = 30000;

  let sending = false;
  let leaving = false; /* from then on only the beacon sends */
  let waitMs = FIRST_WAIT_MS;
  let timer = 0;

  let recorded = 0;

  /** Keys in the order the events were recorded in. */
  const waiting = () => keys(OUTBOX);
  const newKey = () => `${OUTBOX}${Date.now()}.${String((recorded += 1)).padStart(6, "0")}.${uuid().slice(0, 8)}`;

  /** Note an event and send it. Fields that have no value are left out; an id or a time may be given. */
  function record(userId, action, fields) {
    const event = {
      event_id: uuid(),
      user_id: userId,
      action,
      event_time: new Date().toISOString(),
      source: "player",
      ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)),
    };
    write(newKey(), event);
    waiting().slice(0, -MAX_KEPT).forEach(drop);
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

  /** Those of these keys that no other page has sent and dropped meanwhile. */
  const eventsOf = (batch) => batch.map((key) => read(key, null)).filter((event) => event !== null);

  /** Send what is kept, oldest first, until nothing is left or the server is away. */
  async function flush() {
    if (sending || leaving) return;
    sending = true;
    try {
      for (let batch = waiting().slice(0, BATCH); batch.length; batch = waiting().slice(0, BATCH)) {
        const found = eventsOf(batch);
        const answer = found.length ? await post(found) : { status: 202 };
        /* 202: each event was taken or will never be. 400, 413: none of them ever will be. */
        if (![202, 400, 413].includes(answer.status)) throw new Error(`events: ${answer.status}`);
        batch.forEach(drop);
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
    const left = waiting();
    for (let start = 0; start < left.length; start += BATCH) {
      const body = JSON.stringify(eventsOf(left.slice(start, start + BATCH)));
      navigator.sendBeacon("/events", new Blob([body], { type: "application/json" }));
    }
  }

  /** The page was only put aside and is shown again. */
  function comeBack() {
    leaving = false;
    flush();
  }

  window.addEventListener("online", flush);
  window.spotistream.events = { record, flush, leave, comeBack, waiting: () => waiting().length };
})();
