"""The certificate authorities this machine trusts, as a file that Java reads.

A Java from a wheel knows only the authorities it was built with; behind a company's proxy pip works and Java does not.
The machine's PEM bundles are written as one JKS file: a format of Java 1.2, every Java since reads it.
"""

from __future__ import annotations

import hashlib
import os
import ssl
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

BUNDLE_VARIABLES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # Alpine, macOS
)
PASSWORD = "changeit"  # noqa: S105 - Java's own default; the content is public


def machine_certificates(environ: Mapping[str, str] | None = None) -> list[bytes]:
    """DER certificates of every bundle this machine names or has, each once; empty where there is none."""
    environ = os.environ if environ is None else environ
    named = [environ[variable] for variable in BUNDLE_VARIABLES if environ.get(variable)]
    bundles = [*named, ssl.get_default_verify_paths().openssl_cafile, *SYSTEM_BUNDLES, *_certifi_bundle()]
    found: dict[bytes, None] = {}
    for bundle in bundles:
        found.update(dict.fromkeys(_certificates(Path(bundle))))
    return list(found)


def write_trust_store(certificates: Iterable[bytes], destination: Path) -> None:
    """Write DER `certificates` as a JKS trust store with the password PASSWORD."""
    entries = [_entry(f"authority-{number}", der) for number, der in enumerate(certificates)]
    body = struct.pack(">III", 0xFEEDFEED, 2, len(entries)) + b"".join(entries)
    digest = hashlib.sha1(PASSWORD.encode("utf-16-be") + b"Mighty Aphrodite" + body)  # noqa: S324 - the format's own
    destination.write_bytes(body + digest.digest())


def _entry(alias: str, der: bytes) -> bytes:
    """A trusted-certificate entry: tag 2, alias, creation time in ms, certificate type, certificate."""
    return struct.pack(">I", 2) + _utf(alias) + struct.pack(">Q", 0) + _utf("X.509") + struct.pack(">I", len(der)) + der


def _utf(text: str) -> bytes:
    return struct.pack(">H", len(text)) + text.encode("ascii")


def _certificates(bundle: Path) -> list[bytes]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=str(bundle))
    except (OSError, ssl.SSLError):
        return []
    return context.get_ca_certs(binary_form=True)


def _certifi_bundle() -> list[str]:
    try:
        import certifi
    except ImportError:
        return []
    return [certifi.where()]
