/* Parts of a page that are HTML alone: an element whose inside is set at once, and links that lead to other pages of this
   player. See components/plain.py. */
(() => {
  "use strict";
  const app = window.spotistream; /* the search is loaded after this file */

  const unfolded = new Set();
  let focused = null;

  /** A component of Dash. It is a new one wherever a callback has answered, and then takes over from the one before. */
  app.Plain = ({ tag, attributes, html }) => {
    const { createElement, useLayoutEffect, useRef } = window.React;
    const element = useRef(null);
    useLayoutEffect(() => takeOver(element.current), [html]);
    return createElement(tag, { ...attributes, ref: element, dangerouslySetInnerHTML: { __html: html } });
  };

  /** What was unfolded on this page is so again, and the keyboard is where it was, if that is still there. */
  const takeOver = (element) => {
    element.querySelectorAll("details").forEach((each) => { each.open ||= unfolded.has(said(each)); });
    if (!focused || document.activeElement !== document.body) return;
    const again = [...element.querySelectorAll(focused.tag)].find((each) => said(each) === focused.said);
    if (again) again.focus({ preventScroll: true });
  };

  /** By what an element of a page is known again. */
  const said = (node) => [location.pathname, node.querySelector("summary")?.textContent, node.textContent.slice(0, 80),
    ...["id", "href", "data-track", "data-taste", "aria-label"].map((name) => node.getAttribute(name))]
    .slice(0, node.tagName === "DETAILS" ? 2 : undefined).join("|");

  document.addEventListener("toggle", ({ target }) => {
    if (target.open) unfolded.add(said(target));
    else unfolded.delete(said(target));
  }, true);
  document.addEventListener("focusin", ({ target }) => { focused = { tag: target.tagName, said: said(target) }; });
  document.addEventListener("pointerdown", () => { focused = null; });

  /** As links of Dash do: a click with a modifier, or to another window, is the browser's. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-topage]");
    if (!link || event.defaultPrevented || event.button || link.target === "_blank") return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    app.search.go(link.getAttribute("href"));
  });
})();
