"""Shelves of the store that are read from a model alone."""

from __future__ import annotations

from spotistream.config import Config
from spotistream.io import documents
from spotistream.models.served import ServedModel
from spotistream.pipelines.shelf_documents import neighbours, popular_document, similar_documents
from spotistream.tables import POPULAR_TRACKS, SIMILAR_TRACKS


def write_model_documents(cfg: Config, model: ServedModel) -> None:
    """Similar tracks of each track, then away with those of other models, and the most played tracks."""
    with documents.database(cfg.mongo) as db:
        near = neighbours(model, n=cfg.model.similar, exact_tracks=cfg.model.exact_tracks)
        documents.replace_documents(db, SIMILAR_TRACKS, similar_documents(model, *near))
        documents.delete_others(db, SIMILAR_TRACKS, model_version=model.version)
        documents.replace_documents(db, POPULAR_TRACKS, [popular_document(model)])
