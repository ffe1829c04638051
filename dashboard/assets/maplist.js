/* What stands beside the map: names of points, rows of tracks, the legend. Draws nothing. */
(() => {
  "use strict";

  const COLOURS = [
    "#ff9f5a", "#4fb3ff", "#6be38a", "#ff6f91", "#c79bff", "#f2d14b", "#3fd9c9", "#ff7ad9",
    "#9ad14b", "#ff5d4f", "#7f8cff", "#d9a066", "#57c7e8", "#e889a8", "#a6b56b",
  ];
  const GREY = "#8a8296";
  const names = new Map();
  const colourOf = (number) => COLOURS[number] || GREY;

  /** What some points are called, as a card has it; asked for once. */
  async function named(map, numbers) {
    const missing = numbers.filter((i) => !names.has(map.ids[i]));
    if (missing.length) {
      const answer = await fetch(`/map/tracks?ids=${missing.map((i) => encodeURIComponent(map.ids[i])).join(",")}`);
      if (!answer.ok) throw new Error(`tracks of the map: ${answer.status}`);
      (await answer.json()).tracks.forEach((track) => names.set(track.track_id, track));
    }
    return numbers.map((i) => names.get(map.ids[i])).filter(Boolean);
  }

  function element(name, className, text, attributes = {}) {
    const made = document.createElement(name);
    made.className = className;
    if (text) made.textContent = text;
    Object.entries(attributes).forEach(([key, value]) => value !== null && value !== undefined && made.setAttribute(key, value));
    return made;
  }

  /** A row of the list, which the player takes for a card; `group` says what the track is coloured by. */
  function rowOf(track, group) {
    const facts = { "data-track": track.track_id, "data-title": track.title, "data-artist": track.artist, "data-format": track.format, "data-lufs": track.lufs };
    const row = element("div", "row map-row", "", { role: "listitem", ...facts });
    const button = element("button", "round row-play", "", { type: "button", "data-play": "row", "aria-label": `Play ${track.title} by ${track.artist}` });
    button.append(element("span", "icon icon-play", "", { "aria-hidden": "true" }));
    const words = element("div", "row-words");
    const link = element("a", "row-title", track.title, { href: `/track/${encodeURIComponent(track.track_id)}` });
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      window.spotistream.search.go(link.getAttribute("href"));
    });
    words.append(link, element("span", "row-artist", [track.artist, group].filter(Boolean).join(" · ")));
    row.append(button, words);
    return row;
  }

  /** The name of the genre, or topic, of a point; nothing where it is none of those that are listed. */
  const groupOf = (kind, i) => kind.listed[kind.of[i]]?.title;

  /** A switch for each genre, or topic, the most frequent first; `toggle` is told the number of the one that was pressed. */
  function legend(kind, isShown, toggle) {
    const listed = kind.listed.map((group, number) => [group.title, group.tracks, number]);
    const rest = kind.of.length - kind.listed.reduce((sum, group) => sum + group.tracks, 0);
    if (rest) listed.push([listed.length ? "Other" : "All tracks", rest, window.spotistream.mapdata.OTHER]);
    return listed.map(([title, tracks, number]) => {
      const button = element("button", "map-group", "", { type: "button", "aria-pressed": String(isShown(number)) });
      const swatch = element("span", "map-swatch");
      swatch.style.background = colourOf(number);
      button.append(swatch, element("span", "", title), element("span", "figure", tracks.toLocaleString("en")));
      button.addEventListener("click", () => {
        toggle(number);
        button.setAttribute("aria-pressed", String(isShown(number)));
      });
      return button;
    });
  }

  window.spotistream.maplist = { colourOf, groupOf, named, rowOf, legend };
})();
