"""Tags and covers, over every tagging scheme."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
import soundfile as sf
from audio_fixtures import encode, sine, write_wav
from mutagen.apev2 import BINARY, APEValue
from mutagen.asf import ASF, ASFByteArrayAttribute
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, TALB, TCON, TCOP, TDRC, TIT2, TPE1, TPE2, TRCK
from mutagen.mp4 import MP4, MP4Cover
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE
from mutagen.wavpack import WavPack

from spotistream.catalogue.covers import picture_kind, store_cover, usable_picture
from spotistream.catalogue.tags import UNKNOWN_ARTIST, Tags, name_parts, read_tags

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
JPEG = b"\xff\xd8\xff\xe0" + bytes(60)
FULL = Tags("A Song", "Some Band", "An Album", "Various", "Rock", 3, 1999, "CC BY", PNG)


def tagged_wav(path: Path) -> Path:
    audio = WAVE(write_wav(path, sine(440, seconds=0.1)))
    audio.add_tags()
    for frame in (
        TIT2(text="A Song"), TPE1(text=["Some Band"]), TALB(text="An Album"), TPE2(text="Various"), TCON(text="(17)"),
        TRCK(text="3/12"), TDRC(text="1999-05-01"), TCOP(text="CC BY"),
        APIC(type=4, desc="back", data=JPEG), APIC(type=3, desc="front", data=PNG),
    ):  # fmt: skip
        audio.tags.add(frame)
    audio.save()
    return path


def tagged_vorbis(path: Path) -> Path:
    is_flac = path.suffix == ".flac"
    sf.write(path, sine(440, seconds=1), 22_050, format="FLAC" if is_flac else "OGG")
    audio = (FLAC if is_flac else OggVorbis)(path)
    audio.update(
        TITLE="A Song", ARTIST="Some Band", ALBUM="An Album", ALBUMARTIST="Various", GENRE="Rock; Pop",
        TRACKNUMBER="03", DATE="1999", LICENSE="CC BY",
    )  # fmt: skip
    picture = Picture()
    picture.data, picture.type = PNG, 3
    if is_flac:
        audio.add_picture(picture)
    else:
        audio["metadata_block_picture"] = base64.b64encode(picture.write()).decode()
    audio.save()
    return path


def tagged_mp4(path: Path) -> Path:
    audio = MP4(encode(path, sine(440, seconds=1, sr=44_100), codec="aac", sr=44_100))
    audio.update({
        "\xa9nam": "A Song", "\xa9ART": "Some Band", "\xa9alb": "An Album", "aART": "Various", "\xa9gen": "Rock",
        "trkn": [(3, 12)], "\xa9day": "1999", "cprt": "CC BY", "covr": [MP4Cover(PNG, MP4Cover.FORMAT_PNG)],
    })  # fmt: skip
    audio.save()
    return path


def tagged_asf(path: Path) -> Path:
    audio = ASF(encode(path, sine(440, seconds=1, sr=44_100), codec="wmav2", sr=44_100))
    audio.update({
        "Title": "A Song", "Author": "Some Band", "WM/AlbumTitle": "An Album", "WM/AlbumArtist": "Various",
        "WM/Genre": "Rock", "WM/TrackNumber": "3", "WM/Year": "1999", "Copyright": "CC BY",
    })  # fmt: skip
    header = (
        b"\x03" + len(PNG).to_bytes(4, "little") + "image/png\0".encode("utf-16-le") + "frönt\0".encode("utf-16-le")
    )
    audio["WM/Picture"] = ASFByteArrayAttribute(header + PNG)
    audio.save()
    return path


def tagged_ape(path: Path) -> Path:
    audio = WavPack(encode(path, sine(440, seconds=1), codec="wavpack", sr=22_050))
    audio.tags.update({
        "Title": "A Song", "Artist": "Some Band", "Album": "An Album", "Album Artist": "Various", "Genre": "Rock",
        "Track": "3/12", "Year": "1999", "Copyright": "CC BY",
    })  # fmt: skip
    audio.tags["Cover Art (Front)"] = APEValue(b"front.png\0" + PNG, BINARY)
    audio.save()
    return path


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.wav", tagged_wav), ("a.flac", tagged_vorbis), ("a.ogg", tagged_vorbis), ("a.m4a", tagged_mp4),
        ("a.wma", tagged_asf), ("a.wv", tagged_ape),
    ],
)  # fmt: skip
def test_every_scheme_gives_the_same_tags(tmp_path: Path, name: str, make) -> None:
    assert read_tags(make(tmp_path / name), folder="") == FULL


def test_a_file_without_tags_is_named_by_its_file_and_folder(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "07 - Some_Band - A Song.wav", sine(440, seconds=0.1))
    assert read_tags(path, folder="Live 1999") == Tags("A Song", "Some Band", album="Live 1999", track_number=7)
    plain = write_wav(tmp_path / "000002.wav", sine(440, seconds=0.1))
    assert read_tags(plain, folder="000") == Tags("000002", UNKNOWN_ARTIST)


def test_tags_that_cannot_be_parsed_count_as_none(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + bytes(20))
    assert read_tags(tmp_path / "a.mp3", folder="") == Tags("a", UNKNOWN_ARTIST)


def test_texts_are_one_clean_line(tmp_path: Path) -> None:
    audio = WAVE(write_wav(tmp_path / "a.wav", sine(440, seconds=0.1)))
    audio.add_tags()
    audio.tags.add(TIT2(text=" A\n\tSong\x07 "))
    audio.tags.add(TPE1(text="x" * 5000))
    audio.tags.add(TDRC(text="0000"))
    audio.tags.add(TRCK(text="0"))
    audio.save()
    tags = read_tags(tmp_path / "a.wav", folder="")
    assert (tags.title, len(tags.artist), tags.year, tags.track_number) == ("A Song", 300, None, None)


@pytest.mark.parametrize(
    ("stem", "parts"),
    [
        ("01. Intro", (1, None, "Intro")),
        ("02 Intro", (2, None, "Intro")),
        ("99 Luftballons", (None, None, "99 Luftballons")),
        ("198-209-0000", (None, None, "198-209-0000")),
        ("admiralbob77_-_Choice_-_Drum-bass", (None, "admiralbob77", "Choice - Drum-bass")),
        ("___", (None, None, "___")),
    ],
)
def test_file_names(stem: str, parts: tuple[int | None, str | None, str]) -> None:
    assert name_parts(stem) == parts


def test_only_real_pictures_are_kept_and_each_once(tmp_path: Path) -> None:
    first = store_cover(PNG, tmp_path / "covers")
    assert first == store_cover(PNG, tmp_path / "covers")
    assert first is not None
    assert (first.suffix, first.read_bytes()) == (".png", PNG)
    assert store_cover(b"<svg onload=alert(1)>", tmp_path / "covers") is None
    assert store_cover(JPEG + bytes(10_000_001), tmp_path / "covers") is None
    assert [path.name for path in (tmp_path / "covers").iterdir()] == [first.name]
    assert picture_kind(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "webp"


def test_a_folder_picture_counts_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "cover.jpg").write_bytes(b"<html>")
    (tmp_path / "cover.png").write_bytes(PNG)
    assert [usable_picture(tmp_path / f"cover.{kind}") for kind in ("jpg", "png", "webp")] == [False, True, False]


def test_real_music_has_its_tags(shared_data: Path) -> None:
    tags = read_tags(shared_data / "audio" / "fma" / "000002.mp3", folder="fma")
    assert tags == Tags("Food", "AWOL", "AWOL - A Way Of Life", genre="Hip-Hop", track_number=3, year=2008)
