"""Simulated listeners: who they are, what they played, and what they play next. A simulation, not data about people.

The generative model, so that a reader of its numbers knows what they can and cannot show:

*Styles.* A track's style is its genre. Tracks without a genre, and a genre that holds more than half of the catalogue,
are spread over a few hidden styles: all tracks of an artist in one, unless that artist has a quarter of them or more.

*Scenes.* Eight groups of listeners of unequal size. A scene has its own leaning towards each style and its own appeal
of each track, so that listeners of one scene share more than their genres. Popularity is a Zipf law over the tracks,
or the popularity a track comes with.

*A listener* belongs to one scene and keeps all their life: a taste (weights over the styles: Gamma draws around the
scene's leaning, which is a Dirichlet draw once they are normalised; most have two or three styles), two to five
favourite artists, shares of listens that explore, stay with a favourite artist or repeat an earlier listen, a
tendency to skip and one to like, hours and days of the week, a typical session length, and an activity from a
log-normal law: few play a great deal, most play little.

*A session* is a run of listens with short pauses and a mood: one style, drawn from the taste, for most of it.
*A listen* is a ``play`` and its ``complete`` or ``skip``; both carry the same ``session_id``, which is per listen and
not per session. What lies far from the taste is skipped more often; what lies near is sometimes liked, once.

Nothing drifts, nobody reacts to recommendations, and hours are UTC: a model that does well on these listeners has
shown that it can find stable tastes, not that people would like it.
"""
