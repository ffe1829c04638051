/* A radio: endless, from a track, an artist, a topic or "for you". What it is and remembers is kept with the queue, whose
   upcoming part it fills; the server chooses the tracks from what the listener does. */
(() => {
  "use strict";
  const app = window.spotistream; /* the player and the queue are in other files */
  const { formats, read, toast, write } = app;

  const SHELF = "radio";
  const BATCH = 10;
  const FEW = 5; /* so many left: more are asked for */
  const MEMORY = 450;
  const MOST_SENT = 500; /* with what is queued */
  const FEEDBACK = 20;
  const MIDDLE = 0.5;
  const NUMBERS = 2 ** 32;

  let begun = 0; /* of radios that are started at once the last one is */
  let asked = 0; /* only the answer to the newest question counts */
  let owesAnew = false; /* what is queued is not by the newest that the listener did */
  let timer = 0;

  const current = () => app.queue.radio();
  const dial = () => read("radio-dial", MIDDLE);
  const isOurs = (entry) => entry.shelf === SHELF && !entry.chosen;
  const ahead = () => app.queue.ahead().filter(isOurs);
  const tracksOf = (entries) => entries.map((entry) => entry.track);
  const newest = (ids, id, most) => [...ids.filter((each) => each !== id), id].slice(-most);

  /** What the radio is to remember of a track; nothing without a radio. */
  function note(name, track, most = FEEDBACK) {
    const radio = current();
    if (radio) app.queue.setRadio({ ...radio, [name]: newest(radio[name] ?? [], track, most) });
  }

  const remember = (track) => note("memory", track, MEMORY);

  async function choose({ seed, number, memory, heard, liked, skipped, disliked }, queued) {
    const playing = app.player.current()?.track;
    const known = playing ? newest(memory, playing, MEMORY) : memory;
    const body = {
      user_id: app.player.listener(),
      seed,
      number,
      dial: dial(),
      count: BATCH,
      memory: [...known.filter((each) => !queued.includes(each)), ...queued].slice(-MOST_SENT),
      ...{ heard, liked, skipped, disliked },
    };
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/radio/next", { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
    if (!answer) throw new Error("The player's server does not answer; try again");
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(found.error ?? `The server answered ${answer.status}; try again`);
    return found.tracks.map((each) => entryOf(each, found.model_version)).filter(isWelcome);
  }

  function entryOf({ track_id: track, title, artist, format, lufs }, model) {
    return { key: app.uuid(), track, title, artist, format, lufs: lufs ?? undefined, shelf: SHELF, model };
  }

  function isWelcome(entry) {
    const is = formats.canPlay(entry.format) && !app.opinions.dislikes(app.player.listener(), entry.track);
    if (!is) remember(entry.track);
    return is;
  }

  /** Ask for tracks; what is queued stays until they are here, and if they do not come. */
  async function ask() {
    const radio = current();
    if (!radio) return;
    const question = (asked += 1);
    const anew = owesAnew;
    const kept = () => app.queue.ahead().filter((entry) => !anew || !isOurs(entry));
    const found = await choose(radio, tracksOf(kept())).catch(() => null);
    if (!found || question !== asked || current()?.number !== radio.number) return;
    const since = current().memory.filter((track) => !radio.memory.includes(track));
    const gone = new Set([...since, app.player.current()?.track, ...tracksOf(kept())]);
    owesAnew = false;
    app.queue.follow([...kept(), ...found.filter((entry) => !gone.has(entry.track))]);
  }

  /** Soon, so that what happens at once is one question. */
  function askSoon({ anew }) {
    owesAnew ||= anew;
    clearTimeout(timer);
    timer = setTimeout(ask, 0);
  }

  /** A radio takes the place of what was to come. What plays plays on; where nothing does the radio begins. */
  async function start(seed, name) {
    const playing = app.player.isPlaying() ? app.player.current().track : null;
    const memory = playing ? [playing] : [];
    const radio = { seed, name, memory, number: Math.floor(Math.random() * NUMBERS) };
    const [turn, listener] = [(begun += 1), app.player.listener()];
    const chosen = app.queue.ahead().filter((entry) => entry.chosen);
    const found = await choose(radio, tracksOf(chosen)).catch((error) => toast(error.message));
    if (!found || turn !== begun || listener !== app.player.listener()) return;
    asked += 1; /* what the radio before has asked for does not count any more */
    owesAnew = false;
    app.queue.beginRadio(radio, found);
    toast(`Radio from ${name} is on`);
    if (!app.player.isPlaying()) app.player.next();
  }

  function end() {
    const { name } = current() ?? {};
    if (!name) return;
    app.queue.endRadio();
    toast(`Radio from ${name} is off`);
  }

  /** Another track is loaded. */
  function follow(entry) {
    if (!current()) return;
    remember(entry.track);
    if (ahead().length < FEW) askSoon({ anew: false });
  }

  /** A listen is over: enough was heard, or a track of the radio was skipped, which is answered at once.

      A seed that is skipped is one the listener knows well enough. */
  function ended({ track, shelf }, wasHeard) {
    if (!current()) return;
    if (wasHeard) note("heard", track);
    else if (shelf === SHELF && track !== current().seed.id) {
      note("skipped", track);
      askSoon({ anew: true });
    }
  }

  /** The listener likes a track, or it is not for them, or neither any more. */
  function judged(track, { liked, disliked }) {
    const radio = current();
    if (!radio) return;
    const without = (ids = []) => ids.filter((each) => each !== track);
    app.queue.setRadio({ ...radio, liked: without(radio.liked), disliked: without(radio.disliked) });
    if (liked) note("liked", track);
    if (disliked) note("disliked", track);
    askSoon({ anew: true });
  }

  function setDial(value) {
    write("radio-dial", value);
    askSoon({ anew: true });
  }

  document.addEventListener("click", (event) => {
    const { radio: kind, radioId: id, radioName: name } = event.target.closest("[data-radio]")?.dataset ?? {};
    if (kind) start({ kind, id }, name);
  });

  app.radio = { current, dial, end, ended, follow, judged, remember, setDial, start };
})();
