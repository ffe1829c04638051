"""Configuration: ``base.toml`` < profile < environment, as frozen dataclasses.

Every key stands in ``conf/base.toml`` with its default and a comment; the dataclasses below give its type. A key that
one has and the other lacks is an error, and so is an unknown key in a profile or in the environment.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

from spotistream.errors import ConfigError

ENV_PREFIX = "SPOTISTREAM__"
EMBEDDED = "embedded"
CHOICES: Mapping[str, tuple[str, ...]] = {
    "kafka.security_protocol": ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
    "spark.log_level": ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF"),
    "model.solver": ("auto", "implicit", "spark"),
    "log.format": ("text", "json"),
    "log.level": ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
}
"""The values of the settings that have a few."""


@dataclass(frozen=True)
class Paths:
    lake: str
    checkpoints: str
    models: str
    covers: str
    pictures: str


@dataclass(frozen=True)
class Spark:
    master: str
    driver_memory: str
    driver_java_options: str
    shuffle_partitions: int
    snapshot_partitions: int
    ui: bool
    log_level: str


@dataclass(frozen=True)
class Kafka:
    bootstrap_servers: str
    fetch_max_wait_ms: int
    max_offsets_per_trigger: int
    partitions: int
    replication_factor: int
    security_protocol: str
    sasl_mechanism: str
    sasl_username: str
    sasl_password: str

    def __repr__(self) -> str:
        return f"Kafka(bootstrap_servers={self.bootstrap_servers!r}, security_protocol={self.security_protocol!r})"


@dataclass(frozen=True)
class Lake:
    history_hours: int
    file_mb: int


@dataclass(frozen=True)
class Mongo:
    uri: str
    database: str
    timeout_ms: int

    def __repr__(self) -> str:
        return f"Mongo(uri={self.address!r}, database={self.database!r})"

    @property
    def address(self) -> str:
        """The URI without its user name and password: what may be printed and logged."""
        scheme, separator, rest = self.uri.partition("://")
        return f"{scheme}{separator}{rest.rpartition('@')[2]}"


@dataclass(frozen=True)
class Audio:
    folder: str
    preset: str
    workers: int
    chunk: int
    commit_seconds: float
    max_seconds: float
    min_seconds: float
    max_file_mb: int
    file_timeout_s: float


@dataclass(frozen=True)
class Catalogue:
    metadata: str
    publish_chunk: int
    sound_components: int
    refit_share: float
    genre_tracks: int
    genre_probability: float
    watch_seconds: float


@dataclass(frozen=True)
class Model:
    solver: str
    local_listens: int
    half_life_days: float
    min_listeners: int
    similar: int
    exact_tracks: int
    seed: int
    retrain_share: float
    tolerance: float
    tune_minutes: float


@dataclass(frozen=True)
class Recommend:
    top_n: int
    max_per_artist: int
    exclude_recent: int
    half_life_days: float
    recency: float
    max_events: int
    max_opinions: int
    listeners_at_hand: int


@dataclass(frozen=True)
class Stream:
    refresh_seconds: float
    ingest_seconds: float
    archive_seconds: float
    polling_delay_ms: int
    stop_timeout_s: float


@dataclass(frozen=True)
class Trending:
    window_minutes: int
    slide_minutes: int
    late_minutes: int
    baseline_hours: int
    smoothing: float
    min_heard_s: float
    min_listeners: int
    shelf_tracks: int
    seconds: float


@dataclass(frozen=True)
class Monitoring:
    host: str
    port: int
    publish_seconds: float
    stalled_seconds: float
    behind_seconds: float


@dataclass(frozen=True)
class Player:
    host: str
    port: int


@dataclass(frozen=True)
class Supervisor:
    pause_seconds: float
    longest_pause_seconds: float
    failures: int
    window_seconds: float


@dataclass(frozen=True)
class Demo:
    clips: int
    seed: int


@dataclass(frozen=True)
class Simulation:
    enabled: bool
    listeners: int
    plays: int
    days: int
    live_events_per_minute: float
    seed: int


@dataclass(frozen=True)
class Log:
    level: str
    format: str


@dataclass(frozen=True)
class Config:
    """All settings of one run. ``home`` is the folder that holds all local data."""

    home: Path
    profile: str
    paths: Paths
    spark: Spark
    kafka: Kafka
    lake: Lake
    mongo: Mongo
    audio: Audio
    catalogue: Catalogue
    model: Model
    recommend: Recommend
    stream: Stream
    trending: Trending
    monitoring: Monitoring
    player: Player
    supervisor: Supervisor
    demo: Demo
    simulation: Simulation
    log: Log


SECTIONS: Mapping[str, type] = {
    name: kind for name, kind in get_type_hints(Config).items() if name not in ("home", "profile")
}


def default_home(environ: Mapping[str, str]) -> Path:
    """``SPOTISTREAM_HOME``, else the user's data folder."""
    if chosen := environ.get("SPOTISTREAM_HOME"):
        return Path(chosen)
    base = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "spotistream"


def conf_dir(environ: Mapping[str, str]) -> Path:
    """Where the ``.toml`` files are: ``SPOTISTREAM_CONF``, the checkout's ``conf/``, then the installed copy."""
    if chosen := environ.get("SPOTISTREAM_CONF"):
        return Path(chosen).absolute()
    here = Path(__file__).resolve()
    for candidate in (here.parents[2] / "conf", here.parent / "conf"):
        if (candidate / "base.toml").is_file():
            return candidate
    raise ConfigError("SPOTISTREAM_CONF", "no folder with base.toml was found; name one", source="the environment")


def load_config(
    *, home: Path | None = None, profile: str | None = None, environ: Mapping[str, str] | None = None
) -> Config:
    """Read all layers and return one frozen configuration.

    Raises ``ConfigError`` for an unknown key, a wrong type, an unreadable file or an unknown profile.
    """
    environ = os.environ if environ is None else environ
    profile = profile or environ.get("SPOTISTREAM_PROFILE") or "local"
    folder = conf_dir(environ)
    home = (home or default_home(environ)).expanduser().absolute()
    values = _typed(_read(folder / "base.toml"), source="base.toml")
    _complete(values)
    profile_file = folder / f"{profile}.toml"
    if not profile.isidentifier() or not profile_file.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.toml") if p.stem != "base"))
        raise ConfigError("profile", f"there is no profile {profile!r}; known: {known}", source=str(folder))
    for layer, source in (
        (_read(profile_file), profile_file.name),
        (_environment_layer(environ), "the environment"),
    ):
        for section, keys in _typed(layer, source=source).items():
            values[section].update(keys)
    values["paths"] = {key: value.replace("{home}", str(home)) for key, value in values["paths"].items()}
    sections = {name: kind(**values[name]) for name, kind in SECTIONS.items()}
    return Config(home=home, profile=profile, **sections)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise ConfigError("*", f"cannot be read: {exc}", source=str(path)) from exc


def _environment_layer(environ: Mapping[str, str]) -> dict[str, dict[str, str]]:
    layer: dict[str, dict[str, str]] = {}
    for name, value in environ.items():
        if name.startswith(ENV_PREFIX):
            section, separator, key = name.removeprefix(ENV_PREFIX).lower().partition("__")
            if not separator:
                raise ConfigError(name, "write it as SPOTISTREAM__SECTION__KEY", source="the environment")
            layer.setdefault(section, {})[key] = value
    return layer


def _typed(layer: Mapping[str, Any], *, source: str) -> dict[str, dict[str, Any]]:
    """The layer with every value converted to the type its dataclass gives."""
    typed: dict[str, dict[str, Any]] = {}
    for section, keys in layer.items():
        if section not in SECTIONS:
            raise ConfigError(section, f"no such section; known: {', '.join(SECTIONS)}", source=source)
        if not isinstance(keys, Mapping):
            raise ConfigError(section, "must be a section with keys", source=source)
        hints = get_type_hints(SECTIONS[section])
        typed[section] = {}
        for key, value in keys.items():
            if key not in hints:
                near = ", ".join(sorted(hints))
                raise ConfigError(f"{section}.{key}", f"no such setting; {section} has: {near}", source=source)
            name = f"{section}.{key}"
            typed[section][key] = _convert(name, value, hints[key], source=source)
            if name in CHOICES and typed[section][key] not in CHOICES[name]:
                raise ConfigError(name, f"must be one of {', '.join(CHOICES[name])}, not {value!r}", source=source)
    return typed


def _convert(key: str, value: Any, kind: type, *, source: str) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is kind:
        return value
    if isinstance(value, str):
        if kind is bool and value.lower() in ("true", "false", "1", "0"):
            return value.lower() in ("true", "1")
        if kind in (int, float):
            try:
                return kind(value)
            except ValueError:
                pass
    raise ConfigError(key, f"must be {kind.__name__}, not {value!r}", source=source)


def _complete(values: Mapping[str, Mapping[str, Any]]) -> None:
    for section, kind in SECTIONS.items():
        for field in fields(kind):
            if field.name not in values.get(section, {}):
                raise ConfigError(f"{section}.{field.name}", "has no default", source="base.toml")
