"""What a feature vector holds: presets as data, versioned. No audio library is needed to read a spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spotistream.errors import ConfigError, InputError

DESCRIPTOR_SIZES: Mapping[str, int] = {
    "chroma_cens": 12,
    "chroma_cqt": 12,
    "chroma_stft": 12,
    "mel": 128,
    "mfcc": 20,
    "rmse": 1,
    "spectral_bandwidth": 1,
    "spectral_centroid": 1,
    "spectral_contrast": 7,
    "spectral_rolloff": 1,
    "tonnetz": 6,
    "zcr": 1,
}
"""Values that each descriptor has at a moment; names as in FMA's ``features.csv``, which has no ``mel``."""

SEVEN_STATISTICS = ("kurtosis", "max", "mean", "median", "min", "skew", "std")
FMA_DESCRIPTORS = tuple(name for name in DESCRIPTOR_SIZES if name != "mel")


@dataclass(frozen=True, kw_only=True)
class FeatureSpec:
    """A layout of feature vectors. Vectors of different specs must never be compared.

    preset, version : together the id; a change of anything below is a new version
    sr : int, Hz, of the samples that are analysed
    n_fft, hop_length : int, samples, of the one Fourier transform the descriptors share
    tuning : of the chroma, in semitones from A = 440 Hz
    descriptors : keys of DESCRIPTOR_SIZES, in the order of the vector
    statistics : over time, of each value of each descriptor, in the order of the vector
    scalars : values that a clip has once, at the vector's end
    extractable : False where such vectors come from a file of somebody else and can only be imported
    """

    preset: str
    version: int
    sr: int = 22_050
    n_fft: int = 2_048
    hop_length: int = 512
    tuning: float = 0.0
    descriptors: tuple[str, ...]
    statistics: tuple[str, ...]
    scalars: tuple[str, ...] = ()
    extractable: bool = True

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

    def check(self, spec_id: str, *, what: str) -> None:
        """Nothing where ``spec_id`` is this spec's; else InputError, saying that ``what`` has features of another."""
        if spec_id != self.id:
            remedy = f"extract them anew, or use what was made for {spec_id}"
            raise InputError(what, f"it has features {spec_id!r} where {self.id!r} is needed", remedy=remedy)


FAST = FeatureSpec(
    preset="fast",
    version=1,
    descriptors=(
        "mfcc", "spectral_contrast", "spectral_centroid", "spectral_bandwidth", "spectral_rolloff", "rmse", "zcr",
        "chroma_stft",
    ),
    statistics=("mean", "std"),
    scalars=("tempo",),
)  # fmt: skip
FULL = FeatureSpec(preset="full", version=1, descriptors=FMA_DESCRIPTORS, statistics=SEVEN_STATISTICS)
EXTENDED = FeatureSpec(
    preset="extended",
    version=1,
    descriptors=(*FMA_DESCRIPTORS, "mel"),
    statistics=SEVEN_STATISTICS,
    scalars=("tempo",),
)
FMA_OFFICIAL = FeatureSpec(
    preset="fma-official",
    version=1,
    descriptors=FMA_DESCRIPTORS,
    statistics=SEVEN_STATISTICS,
    extractable=False,
)
"""FMA's own ``features.csv``: columns as FULL, but of the untrimmed tracks, each at its own rate while 22,050 Hz was
assumed, and with a tuning estimated for each. Its vectors compare with each other and with no extracted ones."""

PRESETS: Mapping[str, FeatureSpec] = {spec.preset: spec for spec in (FAST, FULL, EXTENDED)}
SPECS: Mapping[str, FeatureSpec] = {spec.id: spec for spec in (*PRESETS.values(), FMA_OFFICIAL)}


def spec_of(preset: str) -> FeatureSpec:
    """The spec of a preset that can be extracted. Raises ConfigError naming those that exist."""
    if preset not in PRESETS:
        known = ", ".join(PRESETS)
        raise ConfigError("audio.preset", f"there is no preset {preset!r}; known: {known}", source="the configuration")
    return PRESETS[preset]


def spec_by_id(spec_id: str) -> FeatureSpec:
    """The spec of an id such as ``full-1``, as tables and models name it. Raises InputError naming those that exist."""
    if spec_id not in SPECS:
        known = ", ".join(SPECS)
        raise InputError(f"feature spec {spec_id!r}", "there is no such spec", remedy=f"known: {known}")
    return SPECS[spec_id]
