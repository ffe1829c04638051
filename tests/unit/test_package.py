"""What goes to a cluster: complete, importable, the same bytes each time, and never over something else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from spotistream.errors import InputError
from spotistream.jobs import JOBS
from spotistream.package import write_package

ROOT = Path(__file__).resolve().parents[2]


def test_every_module_job_and_setting_is_in_it(tmp_path: Path) -> None:
    archive = write_package(tmp_path / "out")
    modules = {f"spotistream/{path.relative_to(ROOT / 'src' / 'spotistream')}" for path in ROOT.glob("src/**/*.py")}
    with zipfile.ZipFile(archive) as opened:
        assert modules <= set(opened.namelist())
    jobs = {path.stem for name in ("batch_jobs", "streaming_jobs") for path in (tmp_path / "out" / name).glob("*.py")}
    assert jobs <= set(JOBS)
    assert jobs >= {"train_model", "all_streams"}
    for setting in ("base.toml", "cluster.toml", "fairscheduler.xml"):
        assert (tmp_path / "out" / "conf" / setting).read_bytes() == (ROOT / "conf" / setting).read_bytes()


def test_it_is_imported_from_the_zip_with_the_configuration_beside_it(tmp_path: Path) -> None:
    archive = write_package(tmp_path / "out")
    code = "import spotistream.config as c; print(c.__file__); print(c.load_config(profile='cluster').kafka.partitions)"
    environ = {"PYTHONPATH": str(archive), "SPOTISTREAM_CONF": str(tmp_path / "out" / "conf"), "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    file, partitions = done.stdout.split()
    assert file.startswith(str(archive))
    assert int(partitions) > 2


def test_the_same_code_gives_the_same_bytes(tmp_path: Path) -> None:
    assert write_package(tmp_path / "one").read_bytes() == write_package(tmp_path / "two").read_bytes()


def test_a_second_call_replaces_what_the_first_wrote(tmp_path: Path) -> None:
    write_package(tmp_path)
    (tmp_path / "conf" / "left.toml").touch()
    write_package(tmp_path)
    assert not (tmp_path / "conf" / "left.toml").exists()


def test_a_folder_with_other_things_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="holds something else"):
        write_package(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
