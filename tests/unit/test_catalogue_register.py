"""Which file is which track, over everything that happens to a folder."""

from __future__ import annotations

from dataclasses import replace

from spotistream.catalogue.folder import AudioFile
from spotistream.catalogue.register import Identity, KnownReject, KnownTrack, Plan, Register, plan

A, B = "a" * 64, "b" * 64
ID_A, ID_B = "file:" + "a" * 16, "file:" + "b" * 16
FILE = AudioFile("/m/a.mp3", size_bytes=10, modified_us=1)
TOUCHED = replace(FILE, modified_us=2)
OTHER = AudioFile("/m/b.mp3", size_bytes=10, modified_us=1)
TRACK = KnownTrack(ID_A, "/m/a.mp3", A, 10, 1, gone=False, described=True)
REJECT = KnownReject("/m/a.mp3", "damaged", A, 10, 1)
NOTHING = Plan((), (), (), ())


def register(*tracks: KnownTrack, files: tuple[AudioFile, ...]) -> Register:
    return Register(tracks=tracks, rejects=(), listed={file.path: file for file in files})


def test_an_unchanged_folder_needs_nothing() -> None:
    assert plan([FILE], tracks=[TRACK], rejects=[]) == NOTHING
    assert plan([FILE], tracks=[], rejects=[REJECT]) == NOTHING


def test_new_changed_and_touched_files_are_looked_at() -> None:
    assert plan([FILE], tracks=[], rejects=[]).new == (FILE,)
    assert plan([TOUCHED], tracks=[TRACK], rejects=[]).changed == (TOUCHED,)
    assert plan([TOUCHED], tracks=[], rejects=[REJECT]).new == (TOUCHED,)


def test_a_track_whose_vector_follows_another_spec_is_looked_at() -> None:
    todo = plan([FILE], tracks=[replace(TRACK, described=False)], rejects=[])
    assert (todo.changed, todo.gone) == ((FILE,), ())


def test_a_file_that_went_makes_its_track_gone_once() -> None:
    assert plan([OTHER], tracks=[TRACK], rejects=[]).gone == (ID_A,)
    assert plan([OTHER], tracks=[replace(TRACK, gone=True)], rejects=[]).gone == ()


def test_a_rejection_ends_with_its_file() -> None:
    assert plan([OTHER], tracks=[], rejects=[REJECT]).healed == ("/m/a.mp3",)


def test_an_unreadable_file_is_tried_again_every_time() -> None:
    assert plan([FILE], tracks=[], rejects=[replace(REJECT, code="unreadable")]).new == (FILE,)


def test_a_duplicate_is_looked_at_again_when_its_twin_went() -> None:
    duplicate = KnownReject("/m/b.mp3", "duplicate", A, 10, 1)
    assert plan([FILE, OTHER], tracks=[TRACK], rejects=[duplicate]) == NOTHING
    assert plan([OTHER], tracks=[TRACK], rejects=[duplicate]).new == (OTHER,)


def test_a_run_killed_between_its_writes_is_finished_by_the_next() -> None:
    rejected_since = KnownReject("/m/a.mp3", "damaged", B, 10, 2)
    assert plan([TOUCHED], tracks=[TRACK], rejects=[rejected_since]).gone == (ID_A,)
    assert plan([FILE], tracks=[TRACK], rejects=[REJECT]).healed == ("/m/a.mp3",)


def test_a_new_file_is_named_by_its_bytes() -> None:
    known = register(files=(FILE,))
    assert known.accepted(FILE, content_hash=A) == Identity(ID_A)
    assert known.live == 1


def test_the_same_bytes_twice_are_one_track() -> None:
    known = register(files=(FILE, OTHER))
    known.accepted(FILE, content_hash=A)
    assert known.accepted(OTHER, content_hash=A) == Identity(None, twin="/m/a.mp3")
    assert (known.live, dict(known.rejections)) == (1, {"duplicate": 1})


def test_a_changed_file_keeps_its_id() -> None:
    known = register(TRACK, files=(TOUCHED,))
    assert known.accepted(TOUCHED, content_hash=B) == Identity(ID_A)


def test_bytes_whose_id_is_taken_by_a_track_that_changed_get_another() -> None:
    known = register(replace(TRACK, content_hash=B), files=(FILE, OTHER))
    mixed = "a" * 16 + "c" * 48
    assert known.accepted(OTHER, content_hash=mixed) == Identity("file:" + "c" * 16)


def test_a_track_that_changed_in_this_run_is_no_twin_of_its_old_bytes() -> None:
    known = register(TRACK, files=(TOUCHED, OTHER))
    known.accepted(TOUCHED, content_hash=B)
    assert known.accepted(OTHER, content_hash="a" * 16 + "d" * 48) == Identity("file:" + "d" * 16)
    assert known.accepted(OTHER, content_hash=A).twin is None


def test_a_moved_file_keeps_its_id() -> None:
    known = register(replace(TRACK, gone=True), files=(OTHER,))
    assert known.accepted(OTHER, content_hash=A) == Identity(ID_A)
    assert known.accepted(OTHER, content_hash=A) == Identity(ID_A)


def test_two_files_that_swap_names_stay_two_tracks() -> None:
    other = KnownTrack(ID_B, "/m/b.mp3", B, 10, 1, gone=False, described=True)
    files = (TOUCHED, replace(OTHER, modified_us=2))
    known = register(TRACK, other, files=files)
    assert [known.accepted(files[0], content_hash=B), known.accepted(files[1], content_hash=A)] == [
        Identity(ID_A),
        Identity(ID_B),
    ]


def test_a_track_overwritten_by_a_copy_of_another_is_displaced() -> None:
    other = KnownTrack(ID_B, "/m/b.mp3", B, 10, 1, gone=False, described=True)
    known = register(TRACK, other, files=(TOUCHED, OTHER))
    assert known.accepted(TOUCHED, content_hash=B) == Identity(None, twin="/m/b.mp3", displaced=ID_A)


def test_a_track_that_is_damaged_is_displaced_and_comes_back_under_its_id() -> None:
    known = register(TRACK, files=(TOUCHED,))
    assert known.rejected("/m/a.mp3", code="damaged") == Identity(None, displaced=ID_A)
    assert known.rejected("/m/a.mp3", code="damaged") == Identity(None)
    assert known.accepted(TOUCHED, content_hash=A) == Identity(ID_A)
    assert (known.live, dict(known.rejections)) == (1, {})


def test_only_bytes_with_a_current_vector_need_no_analysis() -> None:
    known = register(TRACK, replace(TRACK, path="/m/b.mp3", track_id=ID_B, described=False), files=(FILE, OTHER))
    assert [known.known_hash(path) for path in ("/m/a.mp3", "/m/b.mp3", "/m/c.mp3")] == [A, None, None]
