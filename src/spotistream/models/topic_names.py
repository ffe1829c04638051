"""Names of topics of music that a person understands, from what sets their tracks apart.

A topic is named by its genres, where some are more frequent in it than around it, and by at most two words for how it
sounds, those in which it differs most from what is around it: "Fast bright techno". A topic inside another one is named
by how it differs from that: "Slower and darker".
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spotistream.sound_words import BRIGHTNESS, ENERGY, TEMPO, step, word

LEAST_SHARE = 0.2
"""A genre of fewer of the tracks does not name them."""
LEAST_LIFT = 1.25
"""Nor does one that is hardly more frequent than around them."""
SECOND_TO_FIRST = 0.5
"""A second genre is named where it says at least this share of what the first one says."""
SHARE_TO_MOST_FREQUENT = 0.5
"""Nor does one with less than this share of the most frequent one's: that is not what people hear."""
CLEARLY_APART, HARDLY_APART = 0.5, 0.1
"""Of the spread of what is around: a measure that differs by less than the first is not worth a word, unless it takes
it to tell topics apart; by less than the second it does not differ."""
MOST_SOUND_WORDS = 2
MOST_GENRES = 3
"""Genres in a description."""
STILL_SHARE = 0.1
"""A name is kept while each genre in it has this share, half of what it takes to get there."""
SCALES = {"tempo": TEMPO, "brightness": BRIGHTNESS, "energy": ENERGY}
IN_NAMES = {"quiet": "calm", "full": "powerful"}
"""Words that say more in a name than beside the figure of a track."""
COMPARED = {"tempo": ("slower", "faster"), "brightness": ("darker", "brighter"), "energy": ("quieter", "louder")}
OF_PLACES = re.compile(
    "African|American|Asian|Balkan|Brazilian|British|Celtic|Chinese|Cuban|Eastern|European|French|German|Greek|Indian|"
    "Irish|Italian|Japanese|Latin|Mexican|Middle|Nordic|Romany|Russian|Scottish|Spanish|Turkish"
)
"""Words of genres that keep their capital."""


@dataclass(frozen=True)
class Profile:
    """What a set of tracks is like.

    size : how many tracks
    genres : title -> how many of the tracks are of it; a track may be of several
    middle : tempo, brightness, energy -> its median; what is not known is left out
    spread : the same -> the distance between its quartiles
    parents : title of a genre -> title of the genre it belongs to
    """

    size: int
    genres: Mapping[str, int]
    middle: Mapping[str, float]
    spread: Mapping[str, float]
    parents: Mapping[str, str]

    def share(self, genre: str) -> float:
        return self.genres.get(genre, 0) / max(1, self.size)


@dataclass(frozen=True)
class Name:
    """``text`` is shown; ``words`` are what it says: measures as ``tempo=fast``, genres by their title."""

    text: str
    words: tuple[str, ...]


def telling_genres(inside: Profile, around: Profile) -> list[str]:
    """Genres that tell ``inside`` from ``around``, the most telling first.

    Each is weighed by its share times the logarithm of its lift, its part in the divergence of Kullback and Leibler
    (1951): neither what is everywhere nor what is rare wins. Of a genre and the one it belongs to, one is named.
    """
    weights = {}
    least = max(LEAST_SHARE, SHARE_TO_MOST_FREQUENT * max(map(inside.share, inside.genres), default=0.0))
    for genre in inside.genres:
        share, usual = inside.share(genre), around.share(genre)
        if share >= least and usual > 0 and share >= LEAST_LIFT * usual:
            weights[genre] = share * math.log(share / usual)
    ranked = sorted(weights, key=lambda genre: (-weights[genre], genre))
    found: list[str] = []
    for genre in ranked:
        if not any(_related(genre, other, inside.parents) for other in found):
            found.append(genre)
    return found


def told_apart(inside: Profile, around: Profile) -> list[tuple[str, float]]:
    """Measures of sound by how far ``inside`` is from ``around``, in spreads of that; the furthest first."""
    apart = [
        (measure, (inside.middle[measure] - around.middle[measure]) / around.spread[measure])
        for measure in SCALES
        if measure in inside.middle and around.spread.get(measure, 0.0) > 0
    ]
    return sorted(apart, key=lambda each: (-abs(each[1]), each[0]))


def names(profiles: Sequence[Profile], around: Profile, *, kept: Sequence[Name | None], nested: bool) -> list[Name]:
    """A name for each topic, all different.

    kept : the name a topic has had, which it keeps while it is true; None for a new one
    nested : the topics are parts of ``around``, which is a topic itself
    """
    found = [
        name if name and _still_true(name, profile) else None for name, profile in zip(kept, profiles, strict=True)
    ]
    taken = {name.text for name in found if name}
    for at in sorted(range(len(profiles)), key=lambda i: (-profiles[i].size, i)):
        if (name := found[at]) is None:
            candidates = _candidates(profiles[at], around, nested=nested)
            name = next((each for each in candidates if each.text not in taken), None) or _numbered(
                candidates[0], taken
            )
            found[at] = name
            taken.add(name.text)
    return [name for name in found if name is not None]


def description(profile: Profile) -> str:
    """What a topic is like in a sentence or two: its most frequent genres, its tempo, and words for its sound.

    A measure that is not known is left out.
    """
    shares = sorted(profile.genres, key=lambda genre: (-profile.genres[genre], genre))[:MOST_GENRES]
    frequent = [genre for genre in shares if profile.share(genre) >= STILL_SHARE]
    named = [f"{in_running_text(genre)} ({profile.share(genre):.0%})" for genre in frequent]
    sound = [f"{round(profile.middle['tempo'])} beats per minute"] if "tempo" in profile.middle else []
    sound += [word(profile.middle[measure], SCALES[measure]) for measure in SCALES if measure in profile.middle]
    sentences = [_capital(_listed(each)) + "." for each in (named, sound) if each]
    return " ".join(sentences)


def in_running_text(genre: str) -> str:
    """A genre inside a name: ordinary words small, abbreviations and places as they are.

    >>> [in_running_text(each) for each in ("Drum & Bass", "Soul-RnB", "IDM", "Middle Eastern Pop")]
    ['drum & bass', 'soul-RnB', 'IDM', 'Middle Eastern pop']
    """
    return re.sub(r"[^\W\d_]+", lambda found: _small(found[0]), genre)


def _small(text: str) -> str:
    ordinary = text[1:].islower() and not OF_PLACES.fullmatch(text)
    return text.lower() if ordinary else text


def _candidates(inside: Profile, around: Profile, *, nested: bool) -> list[Name]:
    """Possible names, the best first, each saying more or something else than the one before."""
    genres = telling_genres(inside, around)
    apart = dict(told_apart(inside, around))
    differing = [measure for measure, far in apart.items() if abs(far) >= HARDLY_APART]
    clear = [measure for measure in differing if abs(apart[measure]) >= CLEARLY_APART]
    both = _main_genres(genres, inside, around)
    usual = [genre for genre, count in inside.genres.items() if count > inside.size / 2][:1]
    orders = [
        (clear[:MOST_SOUND_WORDS], both), (clear, both), (clear, genres[:2]), (differing[:1], both),
        (differing[:MOST_SOUND_WORDS], both), (differing, both), (differing, genres[:3]),
        (differing, genres[:1] or usual),
    ]  # fmt: skip
    if not (clear or both):
        orders = [each for each in orders if each[0] or each[1]] + [([], usual)]
    if nested:
        compared = {measure: COMPARED[measure][apart[measure] > 0] for measure in differing}
        return [_compared(compared, chosen, named) for chosen, named in orders]
    return [_described(inside, chosen, named) for chosen, named in orders]


def _main_genres(genres: list[str], inside: Profile, around: Profile) -> list[str]:
    """The first, and the second where it says enough beside it."""
    if len(genres) < 2:
        return genres
    weight = [inside.share(genre) * math.log(inside.share(genre) / around.share(genre)) for genre in genres[:2]]
    return genres[:2] if weight[1] >= SECOND_TO_FIRST * weight[0] else genres[:1]


def _described(inside: Profile, measures: Sequence[str], genres: Sequence[str]) -> Name:
    """``Fast bright techno``; ``Slow dark music`` without a genre."""
    found = {measure: word(inside.middle[measure], SCALES[measure]) for measure in SCALES if measure in measures}
    noun = " and ".join(in_running_text(genre) for genre in genres) if genres else "music"
    said = [IN_NAMES.get(each, each) for each in found.values()]
    text = _capital(" ".join([*said, noun]) if found or genres else "mixed music")
    return Name(text, (*(f"{measure}={each}" for measure, each in found.items()), *genres))


def _compared(compared: Mapping[str, str], measures: Sequence[str], genres: Sequence[str]) -> Name:
    """``Slower and darker``; ``Louder techno`` where a genre is more frequent than in the topic around it."""
    found = {measure: compared[measure] for measure in SCALES if measure in measures}
    noun = " and ".join(in_running_text(genre) for genre in genres)
    sound = " ".join(found.values()) if noun else _listed(list(found.values()))
    text = _capital(" ".join(part for part in (sound, noun) if part) or "all the rest")
    return Name(text, (*(f"{measure}={said}" for measure, said in found.items()), *genres))


def _numbered(name: Name, taken: set[str]) -> Name:
    """The same name with the first number that makes it another."""
    number = next(number for number in range(2, len(taken) + 3) if f"{name.text} {number}" not in taken)
    return Name(f"{name.text} {number}", name.words)


def _still_true(name: Name, profile: Profile) -> bool:
    """No genre in it has become rare, no word for the sound is more than one step off; a comparison is not checked."""
    for said in name.words:
        measure, is_measure, value = said.partition("=")
        if not is_measure:
            true = profile.share(said) >= STILL_SHARE
        else:
            words = [each for _, each in SCALES[measure]]
            known = measure in profile.middle and value in words
            true = not known or abs(step(profile.middle[measure], SCALES[measure]) - words.index(value)) <= 1
        if not true:
            return False
    return True


def _related(one: str, other: str, parents: Mapping[str, str]) -> bool:
    return one in _line(other, parents) or other in _line(one, parents)


def _line(genre: str, parents: Mapping[str, str]) -> list[str]:
    """The genre and those it belongs to."""
    found = [genre]
    while (above := parents.get(found[-1])) and above not in found:
        found.append(above)
    return found


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
