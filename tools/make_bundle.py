"""Makes one archive that installs and upgrades on an x86-64 Linux machine without a network: `make bundle`.

It holds the wheels of everything pinned (for each CPython of `PYTHONS`), the project's own wheel, pip, the documents,
checksums and `install.sh`. Run it in a prepared checkout: translations and browser files must have been built.
"""

from __future__ import annotations

import ensurepip
import gzip
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Final
from zipfile import ZipFile

ROOT: Final = Path(__file__).resolve().parent.parent
PYTHONS: Final = ("3.11", "3.12", "3.13")
GLIBC: Final = 28  # the oldest minor version in use on the systems that offices run
TAGS: Final = (
    *(f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC, 4, -1)),
    "manylinux2014_x86_64",
    "manylinux2010_x86_64",
    "manylinux1_x86_64",
)
NEEDED: Final = ("duban/web/locale/en/LC_MESSAGES/django.mo", "duban/web/static/vendor/")
INSTALLER: Final = ("install.sh", "UPGRADE.md", "duban.env.sample", "duban.service.in")
SAMPLE: Final = "samples/yunjiang-2026.txt"


def main() -> int:
    """Write `build/bundle/duban-VERSION-linux-x86_64.tar.gz` and its .sha256; print the name. Exit 1 with the reason."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bundle")
    parser.add_argument("--pythons", nargs="+", default=PYTHONS, help="CPython versions, such as 3.11")
    words = parser.parse_args()
    words.out.mkdir(parents=True, exist_ok=True)
    wheel = _own_wheel(words.out / "own")
    version = wheel.name.split("-")[1]
    folder = words.out / f"duban-{version}-linux-x86_64"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    shutil.copy(wheel, folder / "wheels")
    for python in words.pythons:
        _download(python, folder / "wheels")
    _papers(folder, wheel, version)
    _sums(folder)
    archive = _archive(folder)
    sys.stdout.write(f"{archive} ({archive.stat().st_size / 1e6:.1f} MB)\n")
    return 0


def _pip(*words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *words], check=True
    )


def _own_wheel(folder: Path) -> Path:
    """The project as a wheel. Exit 1 when it lacks what is built rather than written."""
    shutil.rmtree(folder, ignore_errors=True)
    _pip("wheel", str(ROOT), "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    missing = [need for need in NEEDED if not any(name.startswith(need) for name in names)]
    if missing:
        sys.exit(f"The wheel lacks {', '.join(missing)}: run make setup first.")
    return wheel


def _download(python: str, folder: Path) -> None:
    platforms = [word for tag in TAGS for word in ("--platform", tag)]
    target = ["--python-version", python, "--implementation", "cp", "--abi", f"cp{python.replace('.', '')}"]
    target += ["--abi", "abi3", "--abi", "none", *platforms]
    for name in ("runtime", "setup"):
        file = ROOT / "requirements" / f"{name}.txt"
        words = ("--require-hashes", "--no-deps", "--only-binary", ":all:", "--dest", str(folder))
        _pip("download", *words, *target, "--requirement", str(file))


def _papers(folder: Path, wheel: Path, version: str) -> None:
    """Everything beside the wheels."""
    tools, lists = folder / "tools", folder / "requirements"
    tools.mkdir()
    lists.mkdir()
    (pip,) = (Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl")
    shutil.copy(pip, tools)
    for name in ("runtime", "setup"):
        shutil.copy(ROOT / "requirements" / f"{name}.txt", lists)
    own = f"duban=={version} --hash=sha256:{_sha256(wheel)}\n"
    (lists / "duban.txt").write_text(own, encoding="utf-8")
    (folder / "VERSION").write_text(f"{version}\n", encoding="utf-8")
    for name in INSTALLER:
        shutil.copy(ROOT / "tools" / "bundle" / name, folder)
    (folder / "install.sh").chmod(0o755)
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / "samples").mkdir()
    for file in (SAMPLE, "LICENSE", "CHANGELOG.md", "README.md", "README.zh-CN.md"):
        shutil.copy(ROOT / file, folder / (file if "/" in file else Path(file).name))


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sums(folder: Path) -> None:
    """SHA256SUMS over every file, as sha256sum reads it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{_sha256(path)}  {path.relative_to(folder)}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _archive(folder: Path) -> Path:
    """The folder as .tar.gz, the same bytes for the same files, and the archive's own checksum beside it."""
    target = folder.with_name(f"{folder.name}.tar.gz")
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in sorted(folder.rglob("*")):
            archive.add(path, str(path.relative_to(folder.parent)), recursive=False, filter=_nobody)
    digest = f"{_sha256(target)}  {target.name}\n"
    target.with_name(f"{target.name}.sha256").write_text(digest, encoding="utf-8")
    return target


def _nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the builder's name and clock; readable by everybody."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o755 if entry.isdir() or re.search(r"\.sh$", entry.name) else 0o644
    return entry


if __name__ == "__main__":
    sys.exit(main())
