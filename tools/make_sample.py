"""Writes the sample list in every format from one clean source, so that anybody can see the whole system work without a real document.

`python tools/make_sample.py` writes; `--check` changes nothing and exits 1 when a committed file differs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from sample_data import Sample, expected, load
from sample_docx import word_file
from sample_html import saved_page
from sample_pdf import gazette
from sample_text import damaged_text
from sample_xlsx import list_workbook, working_workbook

SAMPLES: Final = Path(__file__).resolve().parent.parent / "samples"
NAME: Final = "yunjiang-2026"


def files(sample: Sample) -> dict[str, bytes]:
    """Every generated file by name."""
    return {
        f"{NAME}.txt": damaged_text(sample).encode(),
        f"{NAME}.html": saved_page(sample).encode(),
        f"{NAME}.docx": word_file(sample),
        f"{NAME}.pdf": gazette(sample),
        f"{NAME}.xlsx": list_workbook(sample),
        f"{NAME}-working.xlsx": working_workbook(sample),
        f"{NAME}.expected.json": (json.dumps(expected(sample), ensure_ascii=False, indent=1) + "\n").encode(),
    }


def main(arguments: list[str]) -> int:
    """Write the files, or with --check compare them."""
    made = files(load(SAMPLES / f"{NAME}.toml"))
    if arguments == ["--check"]:
        stale = [name for name, data in made.items() if _stored(name) != data]
        for name in stale:
            print(f"samples/{name} differs from what tools/make_sample.py writes")
        return 1 if stale else 0
    for name, data in made.items():
        (SAMPLES / name).write_bytes(data)
    print(f"{len(made)} files written to {SAMPLES}")
    return 0


def _stored(name: str) -> bytes:
    path = SAMPLES / name
    return path.read_bytes() if path.exists() else b""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
