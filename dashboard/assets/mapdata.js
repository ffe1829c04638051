/* The points of the map as the server packs them (serving/map_points.py), and what is near a place. Draws nothing. */
(() => {
  "use strict";

  const STEPS = 32767;
  const OTHER = 255;
  let kept = null; /* the last map, with its edition */

  function unpacked(buffer, edition) {
    const size = new DataView(buffer).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
    const count = head.points;
    const start = 4 + size;
    return {
      edition,
      version: head.map_version,
      count,
      kinds: {
        genre: { listed: head.genres, of: new Uint8Array(buffer, start + 4 * count, count) },
        topic: { listed: head.topics, of: new Uint8Array(buffer, start + 5 * count, count) },
      },
      x: Float32Array.from(new Int16Array(buffer, start, count), (step) => step / STEPS),
      y: Float32Array.from(new Int16Array(buffer, start + 2 * count, count), (step) => step / STEPS),
      ids: new TextDecoder().decode(new Uint8Array(buffer, start + 6 * count)).split("\n"),
    };
  }

  /** The map; the browser asks whether it is still the same, and the server answers in a few bytes if so. */
  async function load() {
    const answer = await fetch("/map/points", { cache: "no-cache" });
    if (!answer.ok) throw new Error(`the map: ${answer.status}`);
    const edition = answer.headers.get("etag");
    if (kept?.edition !== edition) kept = unpacked(await answer.arrayBuffer(), edition);
    return kept;
  }

  /** The numbers of the `count` points nearest to a place, nearest first; none farther than `within`. */
  function nearest(map, x, y, count, within, isShown) {
    const best = [];
    for (let i = 0; i < map.count; i += 1) {
      const far = (map.x[i] - x) ** 2 + (map.y[i] - y) ** 2;
      if (far > within ** 2 || !isShown(i)) continue;
      if (best.length === count && far >= best[count - 1].far) continue;
      best.push({ i, far });
      best.sort((one, other) => one.far - other.far);
      if (best.length > count) best.pop();
    }
    return best.map((each) => each.i);
  }

  /** Where a listener is who played these tracks, the newest first: their mean, the newer the heavier. */
  function position(map, tracks) {
    let [x, y, sum] = [0, 0, 0];
    tracks.forEach((track, place) => {
      const i = map.ids.indexOf(track);
      if (i < 0) return;
      const weight = 1 / (1 + place);
      [x, y, sum] = [x + weight * map.x[i], y + weight * map.y[i], sum + weight];
    });
    return sum ? { x: x / sum, y: y / sum } : null;
  }

  window.spotistream.mapdata = { load, unpacked, nearest, position, OTHER };
})();
