/* The points of the map as dots on a canvas, a hundred thousand of them in one frame. */
(() => {
  "use strict";

  /** A colour as the bytes of a picture have it. */
  function bytes(colour, alpha) {
    const value = parseInt(colour.slice(1), 16);
    return ((alpha << 24) | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
  }

  /** How far the edge of a dot lies inside its square, in one of its rows; small dots are squares. */
  function insetOf(row, size) {
    if (size < 4) return 0;
    const radius = size / 2;
    return Math.round(radius - Math.sqrt(radius ** 2 - (row + 0.5 - radius) ** 2));
  }

  /** Every point whose group is not hidden, as a dot in the colour of its group: written into the picture, not stroked.

      pixels: of a step of 1 on the map at scale 1; of: the number of the genre, or of the topic, of each point */
  function paint(pen, map, view, pixels, of, hidden) {
    const { width, height } = pen.canvas;
    const picture = pen.createImageData(width, height);
    const dots = new Uint32Array(picture.data.buffer);
    const colours = Array.from({ length: 256 }, (_, number) => bytes(window.spotistream.maplist.colourOf(number), 235));
    const room = Math.sqrt((width * height) / map.count); /* of each point, were they spread evenly */
    const size = Math.round(Math.max(devicePixelRatio, Math.min(8 * devicePixelRatio, 0.22 * room * Math.sqrt(view.scale))));
    const inset = Array.from({ length: size }, (_, row) => insetOf(row, size));
    const scale = view.scale * pixels;
    const [left, top] = [width / 2 - view.x * scale, height / 2 + view.y * scale];
    for (let i = 0; i < map.count; i += 1) {
      const x = Math.round(left + map.x[i] * scale) - (size >> 1);
      const y = Math.round(top - map.y[i] * scale) - (size >> 1);
      if (x < 0 || y < 0 || x + size > width || y + size > height || hidden.has(of[i])) continue;
      for (let row = 0; row < size; row += 1) {
        const start = (y + row) * width + x;
        dots.fill(colours[of[i]], start + inset[row], start + size - inset[row]);
      }
    }
    pen.putImageData(picture, 0, 0);
  }

  window.spotistream.mapdots = { paint };
})();
