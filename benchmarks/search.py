"""How long the search of the player takes, beside peers over the same titles.

    .venv/bin/python benchmarks/search.py [--tracks 100000] [--queries 200] [--json]

ours      the index of spotistream.serving.search: tracks, artists, albums and genres, ranked
fts5      SQLite's full text index with trigrams, in memory: tracks, ranked by bm25; finds what is spelt right
rapidfuzz a plain scan of all titles by rapidfuzz, WRatio: finds what is misspelt

Queries are of some words of a title: as they are, with a typo in the longest word, and begun, as while one types. One
after another, in turns. found is the share of queries whose track is among the first eight, by its title: other tracks
may fit as well. Times are milliseconds.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz import fuzz, process
from synthetic_titles import misspelt, track_documents

from spotistream.serving.catalogue import catalogue_of, track_row
from spotistream.serving.search import SearchIndex

SHOWN = 8
KINDS = ("spelt right", "with a typo", "half typed")
Search = Callable[[str], Sequence[str]]
"""Titles for a query, the best first."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", type=int, default=100_000, metavar="N", help="size of the catalogue")
    parser.add_argument("--queries", type=int, default=200, metavar="N", help="of each kind")
    parser.add_argument("--scans", type=int, default=20, metavar="N", help="queries of each kind for the plain scan")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    options = parser.parse_args()
    documents = list(track_documents(options.tracks, seed=options.seed))
    begin = time.perf_counter()
    index = SearchIndex(catalogue_of(map(track_row, documents)))
    built_s = time.perf_counter() - begin
    titles = [document["title"] for document in documents]
    searches = {"ours": ours(index), "fts5": fts5(titles), "rapidfuzz": scan(titles)}
    asked = queries(titles, options.queries, np.random.default_rng(options.seed))
    rows = [
        {
            "search": name,
            "queries": kind,
            **measured(search, asked[kind], options.scans if name == "rapidfuzz" else None),
        }
        for kind in KINDS
        for name, search in searches.items()
    ]
    if options.json:
        print(json.dumps({"tracks": options.tracks, "entries": len(index), "built_s": round(built_s, 2), "rows": rows}))
        return
    print(f"{options.tracks:,} tracks, {len(index):,} entries; the index was built in {built_s:.1f} s")
    print(f"{'':12}{'queries':14}{'p50 ms':>9}{'p95 ms':>9}{'found':>8}")
    for row in rows:
        figures = f"{row['p50_ms']:9.2f}{row['p95_ms']:9.2f}{row['found']:8.0%}"
        print(f"{row['search']:12}{row['queries']:14}{figures}")


def queries(titles: Sequence[str], count: int, random: np.random.Generator) -> dict[str, list[tuple[str, str]]]:
    """Queries of each kind, each with the title it is of; titles have a word that is long enough for a typo."""
    fit = [title for title in titles if max(map(len, title.split())) > 4 and len(title.split()) > 1]
    chosen = [fit[place] for place in random.choice(len(fit), count, replace=False).tolist()]
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
    for title in chosen:
        words = title.casefold().split()
        longest = max(words, key=len)
        found["spelt right"].append((" ".join(words), title))
        typed = [misspelt(word, random) if word == longest else word for word in words]
        found["with a typo"].append((" ".join(typed), title))
        found["half typed"].append((" ".join(words)[: max(4, len(title) - 3)], title))
    return found


def measured(search: Search, asked: Sequence[tuple[str, str]], most: int | None) -> dict[str, float]:
    times, hits = [], 0
    search(asked[0][0])
    for query, title in asked[:most]:
        begin = time.perf_counter()
        answer = search(query)
        times.append(1000 * (time.perf_counter() - begin))
        hits += title in answer
    return {
        "p50_ms": round(statistics.median(times), 3),
        "p95_ms": round(float(np.quantile(times, 0.95)), 3),
        "found": round(hits / len(times), 3),
    }


def ours(index: SearchIndex) -> Search:
    return lambda query: [hit.name for hit in index.search(query, limit=SHOWN)]


def fts5(titles: Sequence[str]) -> Search:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE tracks USING fts5(title, tokenize='trigram')")
    database.executemany("INSERT INTO tracks VALUES (?)", ((title,) for title in titles))

    def search(query: str) -> list[str]:
        wanted = " ".join(f'"{word}"' for word in query.split() if len(word) > 2)
        if not wanted:
            return []
        found = database.execute("SELECT title FROM tracks WHERE tracks MATCH ? ORDER BY rank LIMIT ?", (wanted, SHOWN))
        return [title for (title,) in found]

    return search


def scan(titles: Sequence[str]) -> Search:
    return lambda query: [found[0] for found in process.extract(query, titles, scorer=fuzz.WRatio, limit=SHOWN)]


if __name__ == "__main__":
    main()
