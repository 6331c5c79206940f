"""Prints a DATABASE_URL of a local PostgreSQL: the one that answers, else one installed and started by apt.

Tries the server on the loopback address as `postgres` without a password first, then the local socket.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time

import psycopg

CANDIDATES = (
    "postgres://postgres@127.0.0.1:5432/postgres",
    "postgres://postgres:postgres@127.0.0.1:5432/postgres",
)


def answering() -> str | None:
    """The first candidate that lets us in and may create databases."""
    for url in CANDIDATES:
        try:
            with psycopg.connect(url, connect_timeout=3):
                return url
        except psycopg.OperationalError:
            continue
    return None


def install() -> None:
    """PostgreSQL from Debian's packages, started, with a password for its superuser on the loopback address."""
    if not shutil.which("apt-get"):
        sys.exit("No PostgreSQL answers on 127.0.0.1:5432 and there is no apt to install one.")
    subprocess.run(["apt-get", "update", "-qq"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["apt-get", "install", "-y", "-qq", "postgresql"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["service", "postgresql", "start"], check=True, stdout=subprocess.DEVNULL)
    time.sleep(3)
    words = "ALTER USER postgres PASSWORD 'postgres'"
    subprocess.run(["su", "postgres", "-c", f'psql -c "{words}"'], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if not (url := answering()):
        install()
        url = answering()
    if not url:
        sys.exit("PostgreSQL was installed but does not answer on 127.0.0.1:5432.")
    sys.stdout.write(url)
