"""The machine's certificate authorities in Java's own format."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import certifi

from spotistream.services.truststore import machine_certificates, write_trust_store


def test_a_bundle_that_a_variable_names_is_read(tmp_path: Path) -> None:
    bundle = tmp_path / "authorities.pem"
    bundle.write_text(Path(certifi.where()).read_text())

    found = machine_certificates({"SSL_CERT_FILE": str(bundle)})

    assert len(found) == len(set(found)) >= 100


def test_a_bundle_that_is_missing_or_broken_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.pem").write_text("no certificate")

    with_both = machine_certificates(
        {"PIP_CERT": str(tmp_path / "broken.pem"), "SSL_CERT_FILE": str(tmp_path / "none")}
    )

    assert with_both == machine_certificates({})


def test_the_file_is_what_the_format_says(tmp_path: Path) -> None:
    write_trust_store([b"one", b"three"], tmp_path / "store.jks")

    content = (tmp_path / "store.jks").read_bytes()
    body, digest = content[:-20], content[-20:]

    assert struct.unpack(">III", body[:12]) == (0xFEEDFEED, 2, 2)
    assert body.endswith(struct.pack(">I", 5) + b"three")
    assert digest == hashlib.sha1("changeit".encode("utf-16-be") + b"Mighty Aphrodite" + body).digest()  # noqa: S324
