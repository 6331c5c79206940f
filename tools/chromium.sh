#!/bin/sh
# Makes sure that Chromium and a Chinese font are there for the browser journeys: Debian's packages, as root.
set -eu
if command -v chromium >/dev/null 2>&1; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Chromium is needed for the browser journeys; install it and put it on the PATH." >&2
    exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null
