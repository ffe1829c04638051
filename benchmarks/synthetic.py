"""A catalogue without audio and a model without training, as large as a figure needs: what the speed benchmarks share.

Tracks come in groups of some hundred that sound alike and are played together; a listener plays from a few of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from spotistream.config import Config
from spotistream.events import PlayEvent
from spotistream.io import artefacts
from spotistream.models.als import Als, FoldIn
from spotistream.models.content import unit_rows
from spotistream.models.cooccurrence import Cooccurrence
from spotistream.models.ease import Ease
from spotistream.models.hybrid import Hybrid
from spotistream.models.links import SparseLinks
from spotistream.models.popularity import Popularity
from spotistream.models.served import ServedModel
from spotistream.models.sound_likeness import SoundLikeness
from spotistream.models.weighting import Normalisation

GROUP = 1000
WEIGHTS = {"ease": 1.0, "als": 0.6, "cooccurrence": 0.2, "content": 0.1, "popularity": 0.05}
FMA_TRACKS, FACTORS, NEIGHBOURS = 106_574, 64, 200
TRACK_MS = 240_000.0
GROUPS_OF_A_LISTENER = 3


def synthetic_model(
    tracks: int = FMA_TRACKS, *, factors: int = FACTORS, neighbours: int = NEIGHBOURS, seed: int = 1
) -> ServedModel:
    """A hybrid of every part: vectors and sounds of ``factors`` numbers, ``neighbours`` links of each track."""
    random = np.random.default_rng(seed)
    group = np.arange(tracks) // GROUP
    popularity = random.permutation(np.arange(1, tracks + 1) ** -0.7).astype(np.float32)
    scale = Normalisation("log", 0.4, 0.2, 1 + 1000 * popularity, unit=1.0, mean=0.05)
    vectors = grouped(random, group, factors) * (0.2 + popularity[:, None] ** 0.25)
    cold_map = np.zeros((factors, factors), dtype=np.float32)
    parts = {
        "ease": Ease(links(random, tracks, neighbours), scale),
        "als": Als(vectors.astype(np.float32), FoldIn(8.0, 40.0, by_count=False), scale, cold_map),
        "cooccurrence": Cooccurrence(links(random, tracks, neighbours // 2), scale),
        "content": SoundLikeness(grouped(random, group, factors), scale),
        "popularity": Popularity(popularity),
    }
    return ServedModel(
        version=f"synthetic-{tracks}",
        feature_spec="fast-1",
        sounds_version="synthetic",
        track_ids=np.array([f"fma:{i:07}" for i in range(tracks)]),
        artist_ids=np.array([f"fma:{i // 6}" for i in range(tracks)]),
        playable=np.ones(tracks, dtype=bool),
        duration_ms=np.full(tracks, TRACK_MS, dtype=np.float32),
        topics=np.array([f"m:{i % 100}" for i in group.tolist()]),
        hybrid=Hybrid(parts, WEIGHTS),
    )


def grouped(random: np.random.Generator, group: np.ndarray, width: int) -> np.ndarray:
    """Unit vectors (n, width) that lie about the centre of their group."""
    centres = random.standard_normal((int(group.max()) + 1, width), dtype=np.float32)
    return unit_rows(centres[group] + random.standard_normal((len(group), width), dtype=np.float32))


def links(random: np.random.Generator, tracks: int, kept: int) -> SparseLinks:
    """About ``kept`` links of each track to others of its group: (n, n)."""
    first = np.arange(tracks) // GROUP * GROUP
    size = np.minimum(GROUP, tracks - first)
    columns = first[:, None] + (random.random((tracks, kept), dtype=np.float32) * size[:, None]).astype(np.int64)
    values = random.exponential(0.01, columns.size).astype(np.float32)
    starts = np.arange(0, columns.size + 1, kept)
    matrix = csr_matrix((values, columns.ravel().astype(np.int32), starts), shape=(tracks, tracks))
    matrix.sum_duplicates()
    matrix.setdiag(0)
    return SparseLinks(matrix)


def publish(cfg: Config, model: ServedModel) -> None:
    """Make it the current model of a home."""
    manifest = {
        "version": model.version,
        "feature_spec": model.feature_spec,
        "sounds_version": model.sounds_version,
        "created_at": datetime.now(UTC).isoformat(),
        "tracks": len(model.track_ids),
    }
    artefacts.save_artefact(Path(cfg.paths.models), model.arrays(), manifest)


def played_tracks(track_ids: Sequence[str], seed: int) -> Iterator[str]:
    """What one listener plays, without end: mostly tracks of a few groups."""
    random = np.random.default_rng(seed)
    own = random.integers(0, len(track_ids), GROUPS_OF_A_LISTENER)
    while True:
        near = own[random.integers(0, len(own))] + random.integers(-GROUP // 4, GROUP // 4)
        at = near if random.random() < 0.8 else random.integers(0, len(track_ids))
        yield track_ids[int(at) % len(track_ids)]


def play(user_id: str, track_id: str, *, at: datetime | None = None) -> PlayEvent:
    """A track that begins to play, in a session of its own."""
    when = at or datetime.now(UTC)
    event_id, session_id = str(uuid.uuid4()), str(uuid.uuid4())
    return PlayEvent(event_id, user_id, "play", when, "api", track_id=track_id, session_id=session_id)
