/* The search box in the header: a combobox that offers what fits while one types, and leads to a page of results. */
(() => {
  "use strict";
  const { byId } = window.spotistream;

  const PAUSE_MS = 60; /* without a key, before the server is asked */
  const AGAIN_MS = 1500; /* the server is still reading the catalogue */
  const KINDS = { artist: "Artist", album: "Album", genre: "Genre", track: "Track" };

  let input, list, status; /* parts of the box */
  let hits = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  const pageOf = (query) => `/search?q=${encodeURIComponent(query)}`;

  /** To another page of this player, as its links go there: the music plays on. */
  function go(href) {
    history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
    close();
    input.blur();
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    mark(-1);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }

  function mark(place) {
    active = place;
    Array.from(list.children).forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    if (place < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[place].id);
    list.children[place]?.scrollIntoView({ block: "nearest" });
  }

  function part(name, className, text) {
    const element = document.createElement(name);
    element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function optionOf(hit, number) {
    const option = part("li", "search-option");
    const cover = part("img", "search-cover");
    Object.assign(option, { id: `search-option-${number}` });
    Object.assign(cover, { src: hit.cover, alt: "", width: 40, height: 40 });
    const words = part("span", "search-words");
    words.append(part("span", "search-name", hit.name), part("span", "search-by", hit.by));
    option.append(cover, words, part("span", "badge", KINDS[hit.kind]));
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.addEventListener("click", () => go(hit.href));
    option.addEventListener("pointermove", () => active !== number && mark(number));
    return option;
  }

  function show(answer, query) {
    hits = answer.hits;
    list.replaceChildren(...hits.map(optionOf));
    mark(-1);
    list.hidden = !hits.length;
    input.setAttribute("aria-expanded", String(hits.length > 0));
    const none = answer.ready ? `Nothing fits “${query}”` : "The catalogue is being read; one moment …";
    status.textContent = hits.length ? `${hits.length} suggestions` : none;
    status.classList.toggle("search-said", !hits.length);
  }

  async function ask() {
    const query = input.value.trim();
    asking?.abort();
    status.classList.remove("search-said");
    if (!query) {
      close();
      return;
    }
    asking = new AbortController();
    try {
      const answer = await fetch(`/search/suggestions?q=${encodeURIComponent(query)}`, { signal: asking.signal });
      if (!answer.ok) throw new Error(answer.status);
      const found = await answer.json();
      if (document.activeElement !== input) return;
      show(found, query);
      if (!found.ready) timer = setTimeout(ask, AGAIN_MS);
    } catch (error) {
      if (error.name === "AbortError") return;
      show({ hits: [], ready: true }, query);
      status.textContent = "The search does not answer just now";
    }
  }

  function onKey(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (steps && hits.length && !list.hidden) {
      event.preventDefault();
      const places = hits.length + 1; /* one of them is the text itself */
      mark(((active + 1 + steps + places) % places) - 1);
    } else if (event.key === "Escape") {
      if (list.hidden) input.value = "";
      status.classList.remove("search-said");
      close();
    }
  }

  function submit(event) {
    event.preventDefault();
    const query = input.value.trim();
    if (active >= 0) go(hits[active].href);
    else if (query) go(pageOf(query));
  }

  function box() {
    input = part("input", "search-input");
    Object.assign(input, { type: "text", id: "search-input", maxLength: 100, autocomplete: "off", spellcheck: false });
    input.placeholder = "Search";
    const attributes = { role: "combobox", "aria-label": "Search tracks, artists, albums, genres", "aria-autocomplete": "list" };
    Object.entries({ ...attributes, "aria-expanded": "false", "aria-controls": "search-list", "aria-keyshortcuts": "/" })
      .forEach(([name, value]) => input.setAttribute(name, value));
    list = part("ul", "search-list");
    Object.assign(list, { id: "search-list", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    status = part("p", "search-status");
    status.setAttribute("role", "status");
    const form = part("form", "search-form");
    form.setAttribute("role", "search");
    form.append(input, list, status);
    return form;
  }

  /** Once the frame of the page is there. */
  function attach() {
    const form = box();
    byId("search").append(form);
    form.addEventListener("submit", submit);
    list.addEventListener("pointerdown", (event) => event.preventDefault()); /* the box keeps the focus */
    input.addEventListener("keydown", onKey);
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE_MS);
    });
    input.addEventListener("focus", () => input.value.trim() && ask());
    input.addEventListener("blur", () => {
      status.classList.remove("search-said");
      close();
    });
    document.addEventListener("keydown", (event) => {
      const busy = event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]");
      if (event.key !== "/" || busy || event.target.closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
  }

  window.spotistream.search = { attach, go };
})();
