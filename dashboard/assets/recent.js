/* What was played last in this browser, newest first. */
(() => {
  "use strict";
  const { hold, read, setProps, write } = window.spotistream;

  const KEPT = 6;
  const keyOf = (userId) => `recent.${userId}`;
  const of = (userId) => read(keyOf(userId), []);
  const others = (userId, track) => of(userId).filter((each) => each !== track);

  function put(userId, tracks) {
    write(keyOf(userId), tracks);
    hold.whenFree("recent-shelf", () => setProps("recent", { data: tracks }));
  }

  window.spotistream.recent = {
    show: (userId) => setProps("recent", { data: of(userId) }),
    add: (userId, track) => put(userId, [track, ...others(userId, track)].slice(0, KEPT)),
    remove: (userId, track) => put(userId, others(userId, track)),
  };
})();
