"""What the peers of benchmarks/synthesize.py need: their own Python environment, and Kokoro's weights as files."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from build_engines import recipes, weights
from build_engines.cache import cache_dir

PEERS = Path(__file__).parent / "peers"
_REQUIREMENTS = PEERS / "requirements.txt"


def python() -> str:
    """The interpreter of an environment with exactly peers/requirements.txt; created once for each version of it."""
    key = hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()[:12]
    folder = cache_dir() / f"peers-{sys.version_info.major}.{sys.version_info.minor}-{key}"
    program, done = folder / "bin" / "python", folder / ".complete"
    if not done.exists():
        print(f"installing the peers into {folder} …", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [
            str(program),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--requirement",
            str(_REQUIREMENTS),
        ]
        subprocess.run(pip, check=True)
        done.touch()
    return str(program)


def kokoro_files(voices: Sequence[str], folder: Path) -> tuple[Path, Path]:
    """The published int8 graph that our weights come from, and the same voice packs in the format of kokoro-onnx."""
    source = weights.fetch(recipes.find("kokoro")).folder
    packs = {}
    with tarfile.open(source / "voices.tgz") as package:
        for voice in voices:
            file = package.extractfile(f"package/voices/{voice}.bin")
            assert file is not None
            packs[voice] = np.frombuffer(file.read(), "<f4").reshape(-1, 1, 256)
    np.savez(folder / "voices.npz", **packs)
    return source / "model.onnx", folder / "voices.npz"


def english_voices() -> tuple[str, ...]:
    """The names of all voices that speak English."""
    source = weights.fetch(recipes.find("kokoro")).folder
    with tarfile.open(source / "voices.tgz") as package:
        names = sorted(Path(name).stem for name in package.getnames() if name.endswith(".bin"))
    return tuple(name for name in names if name[0] in "ab")
