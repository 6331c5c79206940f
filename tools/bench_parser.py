"""`duban parse` as whole processes: the reference list against `python -c pass`, and long lists for growth and memory.

The long lists are the reference list repeated, with their JSON written task by task. Exit 1 when a bound is broken.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT.parent / "shared" / "corpus" / "docs" / "beijing-2023.txt"
SAMPLE = ROOT / "samples" / "yunjiang-2026.txt"
DUBAN = Path(sys.executable).with_name("duban")
TURNS = 41
RATIO = 12.0
LONG_TASKS = 30_000
LONG_SECONDS = 10.0
LONG_MEGABYTES = 400.0


def main() -> int:
    """Print the rows."""
    source = REFERENCE if REFERENCE.exists() else SAMPLE
    return 0 if all([_start(source), *_growth(source)]) else 1


def _start(source: Path) -> bool:
    bare = [sys.executable, "-c", "pass"]
    parse = [str(DUBAN), "parse", str(source)]
    times: dict[str, list[float]] = {"bare": [], "parse": []}
    for turn in range(TURNS + 2):
        for name, command in (("bare", bare), ("parse", parse)):
            seconds, _ = _run(command)
            if turn > 1:
                times[name].append(seconds * 1000)
    low, high = statistics.median(times["bare"]), statistics.median(times["parse"])
    sys.stdout.write(
        f"python -c pass {low:6.1f} ms   duban parse {high:6.1f} ms   x{high / low:.1f}   (bound {RATIO:.0f})\n"
    )
    return high <= RATIO * low


def _growth(source: Path) -> list[bool]:
    """A tenth of the length, then the whole of it: the time for each task must stay the same."""
    text = source.read_text(encoding="utf-8")
    tasks = 300 if source == REFERENCE else 91
    kept = []
    for wanted in (LONG_TASKS // 10, LONG_TASKS):
        with tempfile.TemporaryDirectory() as folder:
            long = Path(folder) / "long.txt"
            long.write_text("\n".join([text] * -(-wanted // tasks)), encoding="utf-8")
            seconds, megabytes = _run([str(DUBAN), "parse", str(long)])
        sys.stdout.write(
            f"{wanted:>6} tasks  {seconds:5.2f} s  {megabytes:4.0f} MB  {seconds / wanted * 1e6:4.0f} µs a task\n"
        )
        kept.append(seconds <= LONG_SECONDS and megabytes <= LONG_MEGABYTES)
    return kept


def _run(command: list[str]) -> tuple[float, float]:
    """Seconds of wall time and peak megabytes of one process."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
