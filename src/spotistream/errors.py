"""Every error this package raises on purpose: one root, a handful of leaves, each with the facts it is about.

The message of each is one line a user can act on: what was wrong, where, what to do. The command line prints it and
exits with ``exit_code``; a stack trace is only ever a bug.
"""

from __future__ import annotations

from pathlib import Path


class SpotistreamError(Exception):
    """Root of all errors raised on purpose."""

    exit_code = 1


class ConfigError(SpotistreamError):
    """A setting that does not exist, or a value it cannot have."""

    exit_code = 2

    def __init__(self, key: str, problem: str, *, source: str) -> None:
        self.key, self.problem, self.source = key, problem, source
        super().__init__(f"setting {key!r} in {source}: {problem}")


class EnvironmentProblem(SpotistreamError):
    """The machine lacks something: Java, disk space, a writable home, a free port."""

    exit_code = 3

    def __init__(self, problem: str, *, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem}; {remedy}")


class ServiceStopped(SpotistreamError):
    """A part of the running service ended by itself."""

    exit_code = 7

    def __init__(self, name: str, log_file: Path, *, times: int = 1, window_s: float = 0.0) -> None:
        self.name, self.log_file, self.times, self.window_s = name, log_file, times, window_s
        how = "ended by itself" if times == 1 else f"ended {times} times within {window_s:g} s: no further start"
        super().__init__(f"{name} {how}; its log says why: {log_file}")


class ServiceUnavailable(SpotistreamError):
    """A broker or a store that does not answer."""

    exit_code = 4

    def __init__(self, service: str, address: str, *, setting: str) -> None:
        self.service, self.address, self.setting = service, address, setting
        super().__init__(f"{service} at {address} does not answer; start it, or change the setting {setting}")

    @classmethod
    def kafka(cls, address: str) -> ServiceUnavailable:
        """The broker does not answer."""
        return cls("Kafka", address, setting="kafka.bootstrap_servers")

    @classmethod
    def document_store(cls, address: str) -> ServiceUnavailable:
        """The document store does not answer, to a job."""
        return cls("document store", address, setting="mongo.uri")


class InputError(SpotistreamError):
    """A file, folder or argument from the user that cannot be used."""

    exit_code = 5

    def __init__(self, what: str, problem: str, *, remedy: str) -> None:
        self.what, self.problem, self.remedy = what, problem, remedy
        super().__init__(f"{what}: {problem}; {remedy}")


class DecodeError(SpotistreamError):
    """An audio file that cannot be turned into samples. Becomes a rejected row, never stops a job."""

    exit_code = 5

    def __init__(self, path: Path | str, code: str, reason: str) -> None:
        self.path, self.code, self.reason = str(path), code, reason
        super().__init__(f"{path}: {reason}")


class ModelError(SpotistreamError):
    """A model artefact that is missing, incomplete or of another feature spec."""

    exit_code = 6

    def __init__(self, path: Path | str, problem: str, *, remedy: str) -> None:
        self.path, self.problem, self.remedy = str(path), problem, remedy
        super().__init__(f"model at {path}: {problem}; {remedy}")
