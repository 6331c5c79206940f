"""What every test shares: plain static files, no leftovers, and the corpus where it exists."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("DUBAN_DATA_DIR", str(Path(__file__).resolve().parent.parent / "build" / "test-data"))
os.environ.setdefault("DUBAN_SECRET_KEY", "only for tests")
Path(os.environ["DUBAN_DATA_DIR"], "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns without it
