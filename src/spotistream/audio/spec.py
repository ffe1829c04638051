"""What a feature vector holds: presets as data, versioned. No audio library is needed to read a spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spotistream.errors import ConfigError

DESCRIPTOR_SIZES: Mapping[str, int] = {
    "mfcc": 20,
    "spectral_contrast": 7,
    "spectral_centroid": 1,
    "spectral_bandwidth": 1,
    "spectral_rolloff": 1,
    "rmse": 1,
    "zcr": 1,
    "chroma_stft": 12,
}
"""Values that each descriptor has at a moment; names as in FMA's ``features.csv``."""


@dataclass(frozen=True)
class FeatureSpec:
    """A layout of feature vectors. Vectors of different specs must never be compared.

    preset, version : together the id; a change of anything below is a new version
    sr : int, Hz, of the samples that are analysed
    n_fft, hop_length : int, samples, of the one Fourier transform all descriptors share
    descriptors : keys of DESCRIPTOR_SIZES, in the order of the vector
    statistics : over time, of each value of each descriptor
    scalars : values that a clip has once, at the vector's end
    """

    preset: str
    version: int
    sr: int
    n_fft: int
    hop_length: int
    descriptors: tuple[str, ...]
    statistics: tuple[str, ...]
    scalars: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.preset}-{self.version}"

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each component, ``descriptor.statistic.number`` with the number from 01."""
        described = (
            f"{descriptor}.{statistic}.{number:02d}"
            for descriptor in self.descriptors
            for statistic in self.statistics
            for number in range(1, DESCRIPTOR_SIZES[descriptor] + 1)
        )
        return (*described, *self.scalars)

    def __len__(self) -> int:
        values = sum(DESCRIPTOR_SIZES[descriptor] for descriptor in self.descriptors)
        return values * len(self.statistics) + len(self.scalars)


FAST = FeatureSpec(
    preset="fast",
    version=1,
    sr=22_050,
    n_fft=2_048,
    hop_length=512,
    descriptors=tuple(DESCRIPTOR_SIZES),
    statistics=("mean", "std"),
    scalars=("tempo",),
)
PRESETS: Mapping[str, FeatureSpec] = {spec.preset: spec for spec in (FAST,)}


def spec_of(preset: str) -> FeatureSpec:
    """The spec of a preset. Raises ConfigError naming those that exist."""
    if preset not in PRESETS:
        known = ", ".join(PRESETS)
        raise ConfigError("audio.preset", f"there is no preset {preset!r}; known: {known}", source="the configuration")
    return PRESETS[preset]
