"""What the documents name exists: files, commands, settings, tables, jobs. No JVM."""

from __future__ import annotations

import configparser
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from spotistream.cli import COMMANDS, build_parser
from spotistream.config import ENV_PREFIX
from spotistream.jobs import JOBS
from spotistream.tables import COLLECTIONS, DELTA_TABLES, TOPICS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").rglob("*.md")
)
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PICTURE = (ROOT / "docs" / "images" / "architecture.svg").read_text(encoding="utf-8")
MAX_JOB_FILE_LINES = 15
SPARK_ITSELF = {"spark.read", "spark.sql", "spark.archives"}
OPTIONS_OF_SPARK_SUBMIT = {
    "--master", "--deploy-mode", "--py-files", "--jars", "--packages", "--total-executor-cores", "--principal",
    "--keytab",
}  # fmt: skip

FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FILE_ENDINGS = (".py", ".js", ".css", ".toml", ".md", ".xml")
# Written so that this file does not match itself.
MACHINE_PATH = re.compile(r"(?<![\w.{}~-])/(?:root|work)(?:/|\b(?![-.\w]))")


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    """The page without its code blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> Iterator[str]:
    return iter(LINK.findall(prose(page)))


def code(page: Path) -> Iterator[str]:
    """Every code span and every line of a code block; a line that ends in a backslash goes on."""
    text = page.read_text(encoding="utf-8")
    for block in FENCE.findall(text):
        yield from (line.strip() for line in block.replace("\\\n", " ").splitlines()[1:-1])
    yield from CODE_SPAN.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """The anchors a Markdown reader makes of the headings."""
    headings = re.findall(r"^#+ +(.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def commands(page: Path, program: str) -> Iterator[list[str]]:
    """The arguments of every call of ``program`` in the page's code."""
    for line in code(page):
        words = shlex.split(line, comments=True) if line.count('"') % 2 == 0 and line.count("'") % 2 == 0 else []
        for at, word in enumerate(words):
            if word == program or word.endswith(f"/{program}"):
                yield words[at + 1 :]
                break


LINKS = [(page, target) for page in PAGES for target in links(page) if "://" not in target]
CALLS = [(page, call) for page in PAGES for call in commands(page, "spotistream") if call]
CALLS += [(page, ["demo", *call]) for page in PAGES for call in commands(page, "scripts/demo")]
SUBMITTED = [(page, call) for page in PAGES for call in commands(page, "spark-submit") if call]


@pytest.mark.parametrize(
    ("page", "target"), LINKS, ids=lambda value: value if isinstance(value, str) else page_id(value)
)
def test_relative_links_and_images_lead_to_files(page: Path, target: str) -> None:
    path, _, anchor = target.partition("#")
    found = (page.parent / path).resolve() if path else page
    assert found.exists(), f"{page_id(page)} links to {target}"
    if anchor:
        assert anchor in anchors(found), f"{page_id(page)} links to {target}"


@pytest.mark.parametrize(("page", "call"), CALLS, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_commands_and_options_exist(page: Path, call: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    name, *rest = call
    with pytest.raises(SystemExit) as stopped:
        build_parser().parse_args([name, "--help"])
    assert stopped.value.code == 0, f"{page_id(page)}: no command {name}"
    known = set(re.findall(r"--[\w-]+", capsys.readouterr().out))
    assert {word for word in rest if word.startswith("--")} <= known, f"{page_id(page)}: spotistream {' '.join(call)}"
    if name == "run":
        jobs = takewhile(lambda word: not word.startswith("-"), rest)
        assert {job for job in jobs if not job.isupper()} <= set(JOBS), f"{page_id(page)}: spotistream {' '.join(call)}"


def test_options_named_in_the_text_exist(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit):
            build_parser().parse_args([command.name, "--help"])
    known = set(re.findall(r"--[\w-]+", capsys.readouterr().out)) | OPTIONS_OF_SPARK_SUBMIT
    named = {text.split()[0] for page in PAGES for text in CODE_SPAN.findall(prose(page)) if text.startswith("--")}
    assert named - known == set()


@pytest.mark.parametrize(("page", "call"), SUBMITTED, ids=lambda value: value[-1] if isinstance(value, list) else "")
def test_submitted_files_exist(page: Path, call: list[str]) -> None:
    files = [found[0] for word in call if (found := re.search(r"\b(batch|streaming)_jobs/\w+\.py$", word))]
    assert len(files) == 1
    assert (ROOT / files[0]).is_file(), f"{page_id(page)} submits {files[0]}"


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_scripts_exist(page: Path) -> None:
    named = {word for line in code(page) for word in re.findall(r"(?<![\w/])(scripts/\w+|\.ci/\w+)", line)}
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_settings_exist(page: Path) -> None:
    settings = tomllib.loads((ROOT / "conf" / "base.toml").read_text(encoding="utf-8"))
    named = {
        match.group(1, 2)
        for text in code(page)
        for match in re.finditer(rf"(?<![\w./])({'|'.join(settings)})\.([a-z_]+)(?![\w.(])", text)
        if not match[0].endswith(FILE_ENDINGS)
    }
    named |= {
        tuple(name.lower().split("__"))
        for name in re.findall(rf"{ENV_PREFIX}([A-Z_]+)", page.read_text(encoding="utf-8"))
        if name != "SECTION__KEY"
    }
    unknown = {".".join(name) for name in named if name[-1] not in settings.get(name[0], {})} - SPARK_ITSELF
    assert unknown == set()


def test_every_job_has_its_file() -> None:
    expected = {
        f"{'streaming_jobs' if job.streaming else 'batch_jobs'}/{job.name}.py"
        for job in JOBS.values()
        if job.needs_spark
    }
    assert {str(file.relative_to(ROOT)) for file in job_files()} == expected


def test_job_files_are_short_and_start_their_job() -> None:
    for file in job_files():
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= MAX_JOB_FILE_LINES, file
        assert f'submitted("{file.stem}")' in text, file


def job_files() -> list[Path]:
    return sorted(
        file
        for folder in ("batch_jobs", "streaming_jobs")
        for file in (ROOT / folder).glob("*.py")
        if file.stem != "__init__"
    )


@pytest.mark.parametrize("job", JOBS)
def test_readme_names_every_job(job: str) -> None:
    assert f"`{job}`" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "table", [*DELTA_TABLES, *COLLECTIONS], ids=lambda table: f"{type(table).__name__} {table.name}"
)
def test_architecture_names_every_table_with_its_writer(table: object) -> None:
    writers = ", ".join(f"`{writer}`" for writer in table.writers)  # type: ignore[attr-defined]
    row = rf"^\| `{table.name}` \|[^\n]*\| {writers} \|"  # type: ignore[attr-defined]
    assert re.search(row, ARCHITECTURE, re.MULTILINE)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_architecture_names_every_topic(topic: object) -> None:
    compacted = " (compacted)" if topic.compacted else ""  # type: ignore[attr-defined]
    assert f"| `{topic.name}`{compacted} |" in ARCHITECTURE  # type: ignore[attr-defined]


def test_architecture_draws_every_job_topic_table_and_collection() -> None:
    drawn = set(re.findall(r'<text class="(\w+)"[^>]*>([^<]+)</text>', PICTURE))
    named = {("stream" if job.streaming else "job", job.name) for job in JOBS.values() if job.name != "all_streams"}
    named |= {("topic", topic.name) for topic in TOPICS} | {("delta", table.name) for table in DELTA_TABLES}
    named |= {("collection", collection.name) for collection in COLLECTIONS}
    assert named - drawn == set()
    kinds = {kind for kind, _ in named}
    assert {each for each in drawn if each[0] in kinds} - named == set()


def test_listed_packages_are_those_of_the_tree() -> None:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = parser["options"]["packages"].split()
    roots = {
        package: ROOT / folder
        for package, folder in (line.split(" = ") for line in parser["options"]["package_dir"].strip().splitlines()[1:])
    }
    roots["spotistream"] = ROOT / "src" / "spotistream"
    found = {
        ".".join([package, *marker.parent.relative_to(folder).parts])
        for package, folder in roots.items()
        for marker in folder.rglob("__init__.py")
    }
    assert sorted(listed) == sorted(found)


def test_nothing_names_a_path_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        found += [f"{name}:{number}" for number, line in enumerate(text.splitlines(), 1) if MACHINE_PATH.search(line)]
    assert found == []
