/* The header: which of its links leads to where we are, and dark or light as this browser was told. */
(() => {
  "use strict";
  const { read, write } = window.spotistream;

  const light = window.matchMedia("(prefers-color-scheme: light)");
  const root = document.documentElement;

  const theme = () => root.dataset.theme || (light.matches ? "light" : "dark");

  /** What the system says is kept as no choice at all, so that the page follows the system again. */
  function choose(name) {
    const system = light.matches ? "light" : "dark";
    write("theme", name === system ? null : name);
    if (name === system) delete root.dataset.theme;
    else root.dataset.theme = name;
    document.dispatchEvent(new CustomEvent("spotistream:theme"));
  }

  /** A page and those below it; a playlist is of the library. */
  const isHere = (path) =>
    path === location.pathname || location.pathname.startsWith(`${path}/`) || (path === "/library" && location.pathname.startsWith("/playlist/"));

  function mark() {
    document.querySelectorAll(".nav-link").forEach((link) => {
      if (isHere(new URL(link.href).pathname)) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
  }

  /** Once the frame of the page is there. */
  function attach() {
    mark();
    ["_dashprivate_pushstate", "_dashprivate_historychange", "popstate"].forEach((name) =>
      window.addEventListener(name, () => setTimeout(mark)),
    );
    light.addEventListener("change", () => document.dispatchEvent(new CustomEvent("spotistream:theme")));
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-theme=switch]")) choose(theme() === "light" ? "dark" : "light");
    });
  }

  const chosen = read("theme", null);
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen; /* before anything is drawn */

  window.spotistream.navigation = { attach, mark, theme };
})();
