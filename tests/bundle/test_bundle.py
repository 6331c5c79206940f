"""The bundle, made and installed where there is no network. Takes minutes: DUBAN_TEST_BUNDLE=1 asks for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.skipif(
        os.environ.get("DUBAN_TEST_BUNDLE") != "1",
        reason="the bundle is only made and installed with DUBAN_TEST_BUNDLE=1",
    ),
    pytest.mark.skipif(
        shutil.which("unshare") is None
        or subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode != 0,
        reason="no means or no right to make a namespace without a network",
    ),
]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """The archive, unpacked as an office would."""
    out = tmp_path_factory.mktemp("bundle")
    version = ".".join(map(str, sys.version_info[:2]))
    make = [sys.executable, ROOT / "tools/make_bundle.py", "--out", out, "--pythons", version]
    subprocess.run(make, check=True)
    (archive,) = out.glob("*.tar.gz")
    subprocess.run(["sha256sum", "--check", "--strict", f"{archive.name}.sha256"], cwd=out, check=True)
    shutil.rmtree(out / archive.name.removesuffix(".tar.gz"))
    subprocess.run(["tar", "xzf", archive.name], cwd=out, check=True)
    return out / archive.name.removesuffix(".tar.gz")


def offline(home, *words):
    """Run where there is no network, no configuration and nobody's home."""
    environment = {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin:/usr/sbin",
        "PYTHON": sys.executable,
        "LC_ALL": "C.UTF-8",
    }
    command = ["unshare", "--net", *map(str, words)]
    return subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, check=False)


def test_bundle_installs_imports_and_upgrades_without_a_network(bundle, tmp_path):
    target, duban = tmp_path / "督办", tmp_path / "督办/duban"
    sample = bundle / "samples/yunjiang-2026.txt"

    first = offline(tmp_path, "sh", bundle / "install.sh", target)
    assert first.returncode == 0, first.stderr
    published = offline(tmp_path, duban, "import", sample, "--directory", "yunjiang", "--publish")
    assert published.returncode == 0, published.stderr
    before = offline(tmp_path, duban, "lists").stdout
    (old,) = (target / "releases").iterdir()
    (target / "duban.env").write_text("DUBAN_HOSTS=a b&$c\n", encoding="utf-8")

    second = offline(tmp_path, "sh", bundle / "install.sh", target)

    assert second.returncode == 0, second.stderr
    assert before.startswith("yunjiang-2026\t91\t")
    assert offline(tmp_path, duban, "lists").stdout == before
    assert (target / "duban.env").read_text(encoding="utf-8") == "DUBAN_HOSTS=a b&$c\n"
    (backup,) = (target / "backups").iterdir()
    assert backup.name.startswith("before-")
    assert offline(tmp_path, duban, "restore", backup, "--verify-only").returncode == 0
    current = (target / "current").resolve()
    assert (current != old, {current, old}) == (True, set((target / "releases").iterdir()))
    assert offline(tmp_path, old / "bin/duban", "--version").returncode == 0


def test_installed_program_has_its_translation_and_browser_files(bundle, tmp_path):
    done = offline(tmp_path, "sh", bundle / "install.sh", tmp_path / "d")
    assert done.returncode == 0, done.stderr

    (web,) = (tmp_path / "d/current/lib").glob("python3*/site-packages/duban/web")

    assert (web / "locale/en/LC_MESSAGES/django.mo").stat().st_size > 0
    assert list((web / "static/vendor").iterdir())


def test_altered_bundle_is_refused_before_anything_is_touched(bundle, tmp_path):
    altered = tmp_path / "altered"
    shutil.copytree(bundle, altered)
    with (altered / "requirements/runtime.txt").open("a", encoding="utf-8") as file:
        file.write("\n")

    done = offline(tmp_path, "sh", altered / "install.sh", tmp_path / "d")

    assert (done.returncode, "安装包不完整或已被改动" in done.stderr, (tmp_path / "d").exists()) == (
        1,
        True,
        False,
    )


def test_upgrade_is_refused_while_the_site_runs(bundle, tmp_path):
    target = tmp_path / "d"
    offline(tmp_path, "sh", bundle / "install.sh", target)
    releases = sorted((target / "releases").iterdir())
    with subprocess.Popen(["flock", "--shared", str(target / "data/in-use.lock"), "cat"], stdin=-1) as site:
        done = offline(tmp_path, "sh", bundle / "install.sh", target)
        site.communicate()

    assert (done.returncode, "网站正在运行" in done.stderr) == (1, True)
    assert (sorted((target / "releases").iterdir()), list((target / "backups").iterdir())) == (releases, [])
