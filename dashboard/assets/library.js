/* What a listener keeps: playlists made, changed, taken from files; likes known in every browser. */
(() => {
  "use strict";
  const app = window.spotistream; /* the player is loaded after this file */
  const { byId, dialogs, make, setProps, toast, uuid, write } = app;

  const LARGEST_FILE = 4 * 2 ** 20;
  const NEW = "new";
  const SETTLED_MS = 600; /* until an event is in the history that the server shows */
  const FORMATS = ".m3u,.m3u8,.jspf,.json,audio/x-mpegurl,application/json";

  const listener = () => app.player.listener();
  const changed = () => setProps("library-changed", { data: Date.now() });
  const tracksWord = (count) => (count === 1 ? "1 track" : `${count} tracks`);

  /** To another page of this player, as its links go there: the music plays on. */
  function go(href) {
    history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }

  /** The answer of the server; what went wrong is thrown, in words. */
  async function ask(method, path, body, headers = { "content-type": "application/json" }) {
    let answer;
    try {
      answer = await fetch(path, { method, headers: body === undefined ? {} : headers, body });
    } catch {
      throw new Error("The player's server does not answer; try again");
    }
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(found.error ?? `The server answered ${answer.status}; try again`);
    return found;
  }

  const put = (id, fields) => ask("PUT", `/playlists/${id}`, JSON.stringify({ user_id: listener(), ...fields }));
  const change = (id, fields) => ask("POST", `/playlists/${id}/changes`, JSON.stringify({ user_id: listener(), ...fields }));
  const kept = (userId) => ask("GET", `/listeners/${encodeURIComponent(userId)}/library`);

  /** Do it; a failure is said and the page shows what is really there. True where it was done. */
  async function attempt(does) {
    try {
      await does();
      return true;
    } catch (error) {
      toast(error.message);
      changed();
      return false;
    }
  }

  /** With a button that takes it back, for as long as it is shown. */
  function toastWithUndo(text, undo) {
    toast(text);
    const button = make("button", { type: "button", class: "toast-undo" }, "Undo");
    button.addEventListener("click", () => {
      byId("toast").classList.remove("shown");
      undo();
    });
    byId("toast").append(button);
  }

  async function makePlaylist(tracks = []) {
    const name = await dialogs.name("New playlist", "", "Create");
    if (!name) return null;
    const id = uuid();
    await put(id, { name, tracks });
    changed();
    return { id, name };
  }

  const create = () =>
    attempt(async () => {
      const made = await makePlaylist();
      if (made) go(`/playlist/${made.id}`);
    });

  /** Let the listener choose the playlist, or make one, and put a track on it. */
  const addTrack = ({ track, title }) =>
    attempt(async () => {
      const { playlists } = await kept(listener());
      const choices = playlists.map((each) => ({ value: each, text: each.name, note: tracksWord(each.size) }));
      const chosen = await dialogs.choose(`Add ${title} to`, [{ value: NEW, text: "New playlist …" }, ...choices]);
      if (chosen === NEW) {
        const made = await makePlaylist([track]);
        if (made) toast(`${title} is on ${made.name}`);
      } else if (chosen) {
        const { name, size } = await change(chosen.playlist_id, { change: "add", tracks: [track] });
        toast(size > chosen.size ? `${title} is on ${name}` : `${title} was on ${name} already`);
        changed();
      }
    });

  const rename = (id, before) =>
    attempt(async () => {
      const name = await dialogs.name("Rename the playlist", before, "Rename");
      if (!name) return;
      await change(id, { change: "rename", name });
      changed();
    });

  const remove = (id, name) =>
    attempt(async () => {
      if (!(await dialogs.sure(`Delete ${name}?`, "It is gone for good. Its tracks stay in the catalogue.", "Delete"))) return;
      await change(id, { change: "delete" });
      toast(`${name} is deleted`);
      go("/library");
    });

  async function takeIn(file) {
    if (file.size > LARGEST_FILE) throw new Error(`${file.name} is too large for a playlist`);
    const query = new URLSearchParams({ user_id: listener(), name: file.name.replace(/\.[^.]+$/, "") });
    const content = { "content-type": "application/octet-stream" };
    return ask("POST", `/playlists/${uuid()}/import?${query}`, file, content);
  }

  function report({ entries, found, repeated, missing, missing_count: count, name }) {
    const repeats = repeated ? ` ${tracksWord(repeated)} came more than once.` : "";
    const words = make("p", {}, `${found} of ${tracksWord(entries)} are here${name ? `, now on ${name}` : ""}.${repeats}`);
    const lines = missing.map(({ place, name: entry }) => make("li", { value: place }, entry));
    const more = count > missing.length ? [make("p", {}, `And ${count - missing.length} more.`)] : [];
    const list = [make("p", { class: "ask-missing-head" }, "Not found, with their place in the file:"), make("ol", { class: "ask-missing" }, ...lines), ...more];
    return [words, ...(count ? list : [])];
  }

  async function importFile(file) {
    const result = await takeIn(file);
    changed();
    const made = result.playlist_id !== null;
    const heading = made ? "Playlist imported" : "Nothing of it is here";
    if (await dialogs.tell(heading, report(result), made ? "Open it" : "")) go(`/playlist/${result.playlist_id}`);
  }

  /** Ask the browser for a file; its dialog may be left without one. */
  function pickFile() {
    const input = make("input", { type: "file", accept: FORMATS, id: "import-file", class: "unseen", "aria-hidden": "true", tabindex: "-1" });
    document.querySelector("#import-file")?.remove();
    input.addEventListener("change", () => input.files[0] && attempt(() => importFile(input.files[0])));
    document.body.append(input);
    input.click();
  }

  /** Take a listen of the history back: it no longer counts, and is no longer shown. */
  function forget({ track, title }, eventId) {
    app.events.record(listener(), "forget", { track_id: track, target_event_id: eventId });
    toast(`This play of ${title} no longer counts`);
    setTimeout(changed, SETTLED_MS);
  }

  /** What the server knows of a listener: hearts that were given in another browser are shown in this one. */
  async function meet(userId) {
    try {
      const found = await kept(userId);
      if (!found.known || app.events.waiting() > 0) return;
      write(`likes.${userId}`, found.likes);
      app.player.refreshMarks();
    } catch {
      /* the hearts this browser remembers stay */
    }
  }

  function onClick(event) {
    const does = event.target.closest("[data-library]")?.dataset.library;
    const page = document.querySelector("[data-playlist]");
    const title = () => page.querySelector("h1").textContent;
    const about = () => app.queue.entryOf(event.target.closest("[data-track]"));
    if (does === "create") create();
    else if (does === "add") addTrack(about());
    else if (does === "forget") forget(about(), event.target.closest("[data-event]").dataset.event);
    else if (does === "import") pickFile();
    else if (does === "rename") rename(page.dataset.playlist, title());
    else if (does === "delete") remove(page.dataset.playlist, title());
  }

  document.addEventListener("click", onClick);
  app.library = { ask, change, attempt, changed, toastWithUndo, addTrack, meet, go };
})();
