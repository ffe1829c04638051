/* What the other scripts share: small helpers over the browser, and the names of our component ids. */
window.spotistream = (() => {
  "use strict";

  const MAX_ID_BYTE = 16;

  /** A random UUID, version 4; also where the page is not a secure context and randomUUID is missing. */
  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(MAX_ID_BYTE));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  const unsaved = new Map(); /* what storage did not take: full, blocked or a private window */

  /** What localStorage holds under a key, or the fallback. */
  function read(key, fallback) {
    if (unsaved.has(key)) return unsaved.get(key);
    try {
      const text = localStorage.getItem(`spotistream.${key}`);
      return text === null ? fallback : JSON.parse(text);
    } catch {
      return fallback;
    }
  }

  function write(key, value) {
    try {
      localStorage.setItem(`spotistream.${key}`, JSON.stringify(value));
      unsaved.delete(key);
    } catch {
      unsaved.set(key, value); /* the page works on and remembers as long as it is open */
    }
  }

  /** Forget a key. */
  function drop(key) {
    unsaved.delete(key);
    try {
      localStorage.removeItem(`spotistream.${key}`);
    } catch {
      /* blocked: there is nothing to forget */
    }
  }

  /** The keys that start with a prefix, in order. */
  function keys(prefix) {
    const found = new Set([...unsaved.keys()].filter((key) => key.startsWith(prefix)));
    try {
      const start = `spotistream.${prefix}`;
      for (let at = 0; at < localStorage.length; at += 1) {
        const key = localStorage.key(at);
        if (key.startsWith(start)) found.add(key.slice("spotistream.".length));
      }
    } catch {
      /* blocked: what is kept is in this page alone */
    }
    return [...found].sort();
  }

  const byId = (id) => document.getElementById(id);
  const setProps = (id, props) => window.dash_clientside.set_props(id, props);

  /** Seconds as 3:07. */
  function clock(seconds) {
    const whole = Math.max(0, Math.floor(seconds || 0));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  }

  /** An element with attributes and children; a child may be text or nothing. */
  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  const icon = (name) => make("span", { class: `icon icon-${name}`, "aria-hidden": "true" });

  let hiding = 0;
  /** A short message at the foot of the page, read out by screen readers. */
  function toast(text) {
    const box = byId("toast");
    if (!box) return;
    box.textContent = text;
    box.classList.add("shown");
    clearTimeout(hiding);
    hiding = setTimeout(() => box.classList.remove("shown"), 4000);
  }

  return { uuid, read, write, drop, keys, byId, setProps, clock, make, icon, toast };
})();
