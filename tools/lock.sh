#!/bin/sh
# Resolves requirements/*.txt anew, with hashes and without any index address. Needs uv on the PATH.
set -eu
cd "$(dirname "$0")/.."
lock() {
    name=$1
    shift
    uv pip compile pyproject.toml "$@" --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
        --python-version 3.11 --quiet --output-file "requirements/$name.txt"
}
lock runtime
lock setup --extra setup
lock dev --extra setup --extra dev
lock e2e --extra setup --extra dev --extra e2e
lock node --extra node
