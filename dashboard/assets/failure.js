/* Why a track does not play, in words: the server is asked what it says of the file. */
(() => {
  "use strict";

  const WORDS = { 404: "is not in the music folder any more", 501: "lies where this player cannot read it" };

  /** What to tell the listener; `error` is the MediaError. */
  async function reasonOf(entry, error) {
    const unreachable = `${entry.title} could not be loaded: the player's server does not answer`;
    if (error.code === MediaError.MEDIA_ERR_NETWORK) return unreachable;
    try {
      const { ok, status } = await fetch(`/media/${encodeURIComponent(entry.track)}`, { method: "HEAD" });
      if (!ok) return `${entry.title} ${WORDS[status] ?? "could not be loaded"}`;
    } catch {
      return unreachable;
    }
    return `This browser cannot play ${entry.title}${entry.format ? ` (${entry.format.toUpperCase()})` : ""}`;
  }

  window.spotistream.failure = { reasonOf };
})();
