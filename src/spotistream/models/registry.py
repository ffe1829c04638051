"""Every recommender by name."""

from __future__ import annotations

from spotistream.models.als import Als
from spotistream.models.contract import Recommender
from spotistream.models.cooccurrence import Cooccurrence
from spotistream.models.cosine import ItemCosine
from spotistream.models.ease import Ease, SparseEase
from spotistream.models.hybrid import Hybrid
from spotistream.models.popularity import Popularity
from spotistream.models.sound_likeness import SoundLikeness

MODELS: dict[str, type[Recommender]] = {
    model.name: model for model in (Hybrid, Ease, SparseEase, Als, Cooccurrence, ItemCosine, SoundLikeness, Popularity)
}
DEFAULT = Hybrid.name
"""The one that serves."""
