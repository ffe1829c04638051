"""Files written below one folder and nowhere else, each of them whole or not at all.

Every folder on the way to a file is opened from the one above it and never through a link, so neither a link that is
there nor one that appears in between leads out.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePosixPath

from spotistream.catalogue.archive import EntryRefused
from spotistream.errors import EnvironmentProblem, InputError

UNFINISHED = ".spotistream-sample.part"
"""Name, in the folder itself, of the file that is being written. There is one at a time."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
# What is wrong with one target, not with the folder.
_OF_ONE_FILE = (
    errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY, errno.EXDEV, errno.ENAMETOOLONG,
    errno.EILSEQ, errno.EINVAL, errno.EFBIG,
)  # fmt: skip


@contextmanager
def opened_folder(path: Path) -> Iterator[int]:
    """A descriptor of the folder, which is made where it is missing; what an interrupted run left half is removed.

    Raises InputError where it is a file or another process extracts into it, EnvironmentProblem where it cannot be
    made, read or written.
    """
    with ExitStack() as stack:
        with said(path):
            try:
                path.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError) as exc:
                raise InputError(str(path), "is not a folder", remedy="name another folder") from exc
            root = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            stack.callback(os.close, root)
            _lock(root, path)
            with suppress(FileNotFoundError):
                os.unlink(UNFINISHED, dir_fd=root)
        yield root


def _lock(root: int, path: Path) -> None:
    try:
        fcntl.flock(root, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        remedy = "wait for its end, or name another folder"
        raise InputError(str(path), "another command extracts into it", remedy=remedy) from exc
    except OSError:  # a file system without locks on folders
        return


@contextmanager
def said(path: Path) -> Iterator[None]:
    """Any error of the operating system becomes an EnvironmentProblem that names the folder and what to do."""
    try:
        yield
    except OSError as exc:
        if exc.errno in _DISK_FULL:
            remedy = "make room and run the same command again: what was extracted is kept"
            raise EnvironmentProblem(f"the disk of {path} is full", remedy=remedy) from exc
        remedy = "change its permissions, or name another folder"
        raise EnvironmentProblem(f"{path} cannot be written ({exc.strerror})", remedy=remedy) from exc


def holds(root: int, target: str, size: int) -> bool:
    """True where the file is there in that size, bytes; a file of another size will be replaced.

    Raises EntryRefused where something else is in its place, or a link or a file in that of a folder on the way.
    """
    with _of_one_file(target):
        try:
            with _parent(root, target, make=False) as parent:
                status = os.stat(PurePosixPath(target).name, dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError:
            return False
    if not stat.S_ISREG(status.st_mode):
        raise EntryRefused(target, "a link, or something else that is not a file, is in its place")
    return status.st_size == size


def write(root: int, target: str, content: Iterable[bytes]) -> None:
    """Write a file under another name and rename it when ``content`` has ended; whatever stops it leaves nothing.

    Raises EntryRefused as ``holds`` does, and for a name the file system cannot have; and what ``content`` raises.
    """
    with _of_one_file(target), _parent(root, target, make=True) as parent:
        unfinished = os.open(UNFINISHED, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666, dir_fd=root)
        try:
            with os.fdopen(unfinished, "wb") as file:
                for block in content:
                    file.write(block)
            os.rename(UNFINISHED, PurePosixPath(target).name, src_dir_fd=root, dst_dir_fd=parent)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(UNFINISHED, dir_fd=root)
            raise


@contextmanager
def _of_one_file(target: str) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        if exc.errno not in _OF_ONE_FILE:
            raise
        raise EntryRefused(target, f"cannot be written there ({exc.strerror})") from exc


@contextmanager
def _parent(root: int, target: str, *, make: bool) -> Iterator[int]:
    """A descriptor of the folder the target stands in. Raises FileNotFoundError where it is missing and not made."""
    with ExitStack() as stack:
        folder = root
        for part in PurePosixPath(target).parts[:-1]:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=folder)
            try:
                inner = os.open(part, _FOLDER, dir_fd=folder)
            except NotADirectoryError as exc:  # of a link to a folder as well
                raise EntryRefused(target, f"a link or a file is in the place of its folder {part}") from exc
            stack.callback(os.close, inner)
            folder = inner
        yield folder
