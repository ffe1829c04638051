"""``spotistream evaluate`` on files, as its user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

COMMAND = Path(sys.executable).with_name("spotistream")
METRICS = {
    *(f"{name}@5" for name in ("recall", "ndcg", "precision", "map", "mrr", "hit_rate")),
    *(f"{name}@5" for name in ("coverage", "novelty", "diversity", "popular_share")),
    "rmse",
}


def evaluate(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [str(argument) for argument in arguments]
    return subprocess.run([COMMAND, "evaluate", *words], capture_output=True, text=True, check=False)


@pytest.fixture
def plays(tmp_path: Path) -> Path:
    """Sixty users of two tastes: each has ten of the fifteen items of theirs."""
    drawn = np.random.default_rng(0)
    lines = ["user,item,plays"]
    for user in range(60):
        items = drawn.choice(15, 10, replace=False) + 15 * (user % 2)
        lines += [f"u{user},i{item},{drawn.integers(1, 50)}" for item in items]
    path = tmp_path / "plays.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_standard_output_is_one_object_of_figures_by_model(plays: Path) -> None:
    done = evaluate("--train", plays, "--k", 5, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"popularity", "cosine", "implicit_als", "plain_ease"} <= set(found)
    for name, figures in found.items():
        assert set(figures) >= METRICS, name
        low, high = figures["ndcg@5_interval"]
        assert 0 <= low <= figures["ndcg@5"] <= high <= 1
        assert figures["users"] == 60
    for name in ("cosine", "implicit_als", "plain_ease"):  # they tell the two tastes apart, popularity does not
        assert found[name]["ndcg@5"] > 1.2 * found["popularity"]["ndcg@5"], name
    assert "held out: 120 of 600 interactions, at random; seed 0" in done.stderr


def test_the_same_seed_gives_the_same_figures_and_another_one_others(plays: Path) -> None:
    def ndcg(seed: int) -> float:
        done = evaluate("--train", plays, "--k", 5, "--model", "cosine", "--seed", seed, "--json")
        return float(json.loads(done.stdout)["cosine"]["ndcg@5"])

    assert ndcg(0) == ndcg(0) != ndcg(1)


def test_files_of_train_validation_and_test_tune_within_the_time(plays: Path, tmp_path: Path) -> None:
    head, *lines = plays.read_text(encoding="utf-8").splitlines()
    parts = {"train": lines[::5] + lines[1::5] + lines[2::5], "valid": lines[3::5], "test": lines[4::5]}
    for name, part in parts.items():
        (tmp_path / name).write_text("\n".join([head, *part]), encoding="utf-8")
    files = [word for name in parts for word in (f"--{name}", tmp_path / name)]
    done = evaluate(*files, "--minutes", 0.05, "--model", "cosine,popularity", "--json")
    found = json.loads(done.stdout)
    assert set(found) == {"cosine", "popularity"}
    assert {"neighbours", "shrinkage", "weighting"} <= set(found["cosine"]["settings"])
    assert "cosine: 3 s for tuning, of 3 s that are left" in done.stderr


def test_without_json_there_is_a_table_best_model_first(plays: Path) -> None:
    done = evaluate("--train", plays, "--k", 5, "--model", "popularity,cosine")
    lines = done.stdout.splitlines()
    assert lines[0].split()[:3] == ["model", "recall@5", "ndcg@5"]
    assert [line.split()[0] for line in lines[1:3]] == ["cosine", "popularity"]


def test_the_protocol_of_sampled_negatives_says_what_it_is(plays: Path) -> None:
    done = evaluate("--train", plays, "--k", 5, "--model", "cosine", "--sampled-negatives", 10, "--json")
    figures = json.loads(done.stdout)["cosine"]
    sampled = figures["sampled_10_negatives_not_comparable"]
    assert sampled["ndcg@5"] > figures["ndcg@5"]
    assert "must not be compared" in sampled["note"]
    assert "must not be compared" in done.stderr


def test_files_need_no_spark(plays: Path) -> None:
    program = (
        "import sys; from spotistream.cli import build_parser as p\n"
        f"a = p().parse_args(['evaluate', '--train', {str(plays)!r}, '--model', 'all']); a.command(a)\n"
        "sys.exit('pyspark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--train", "none.csv"), "spotistream: none.csv: there is no such file; check the path"),
        (("--train", "x", "--k", 0), "spotistream: --k 0: is not the length of a list; give 1 or more"),
        (("--train", "x", "--minutes", -1), "spotistream: --minutes -1.0: is not a time; give more than 0"),
        (("--train", "x", "--valid", "y"), "spotistream: --valid: goes with --test; name the test file"),
    ],
)
def test_a_mistake_is_one_line(arguments: tuple[object, ...], line: str) -> None:
    done = evaluate(*arguments)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (5, "", line)


def test_a_model_that_is_none_is_told_which_there_are(plays: Path) -> None:
    done = evaluate("--train", plays, "--model", "svd")
    assert done.returncode == 5
    assert done.stderr.startswith("spotistream: --model svd: is not a model; known are: all, peers, ")


def test_real_listening_has_the_peers_in_their_known_order(shared_data: Path, tmp_path: Path) -> None:
    rows = (shared_data / "listening" / "hetrec2011-lastfm-2k" / "user_artists.dat").read_text("utf-8").splitlines()
    some = tmp_path / "some.tsv"
    some.write_text("\n".join([rows[0], *(row for row in rows[1:] if int(row.split("\t")[0]) % 6 == 0)]))
    done = evaluate("--train", some, "--model", "popularity,cosine,plain_ease", "--json")
    found = json.loads(done.stdout)
    assert found["plain_ease"]["ndcg@20"] > found["cosine"]["ndcg@20"] > found["popularity"]["ndcg@20"] > 0.05
