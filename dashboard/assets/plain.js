/* Parts of a page that are HTML alone: an element whose inside is set at once, and links that lead to other pages of this
   player. See components/plain.py. */
(() => {
  "use strict";
  const app = window.spotistream; /* the search is loaded after this file */

  /** A component of Dash. React touches the inside again only where it has changed. */
  app.Plain = ({ tag, attributes, html }) =>
    window.React.createElement(tag, { ...attributes, dangerouslySetInnerHTML: { __html: html } });

  /** As links of Dash do: a click with a modifier, or to another window, is the browser's. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-topage]");
    if (!link || event.defaultPrevented || event.button || link.target === "_blank") return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    app.search.go(link.getAttribute("href"));
  });
})();
