"""Sounds and files the audio and catalogue tests make for themselves."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import soundfile as sf

SR = 22_050


def sine(hertz: float, *, seconds: float, sr: int = SR, amplitude: float = 0.5) -> np.ndarray:
    """float32 (seconds * sr,)."""
    return (amplitude * np.sin(2 * np.pi * hertz * np.arange(int(seconds * sr)) / sr)).astype(np.float32)


def write_wav(path: Path, samples: np.ndarray, *, sr: int = SR) -> Path:
    """samples : float32 (n,) or (n, channels)."""
    sf.write(path, samples, sr, subtype="PCM_16", format="WAV")
    return path


def encode(path: Path, samples: np.ndarray, *, codec: str, sr: int, bit_rate: int = 128_000) -> Path:
    """A stereo file by one of FFmpeg's encoders, in the container its ending names.

    samples : float32 (n,), the same in both channels
    """
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=sr, layout="stereo")
        stream.bit_rate = bit_rate
        stream.codec_context.open()
        frame = av.AudioFrame.from_ndarray(np.stack([samples, samples]), format="fltp", layout="stereo")
        frame.sample_rate = sr
        resampler = av.AudioResampler(
            format=stream.format.name, layout="stereo", rate=sr, frame_size=stream.frame_size or 4_096
        )
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path
