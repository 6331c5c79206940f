# Every target does its own set-up; `make help` lists them. Needs Python 3.11 or newer with venv, make, and the package registries.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help setup demo test test-postgres lint e2e bench bundle eval sample lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/made-runtime: requirements/runtime.txt pyproject.toml
	$(PYTHON) tools/check_python.py
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements/setup.txt
	$(PIP) install --require-hashes -r requirements/runtime.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src/duban
	@touch $@

$(VENV)/made-dev: requirements/dev.txt $(VENV)/made-runtime
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/made-e2e: requirements/e2e.txt $(VENV)/made-dev
	$(PIP) install --require-hashes -r requirements/e2e.txt
	@touch $@

$(VENV)/made-assets: package.json package-lock.json tools/assets.py $(VENV)/made-runtime
	$(BIN)/python tools/assets.py
	@touch $@

$(VENV)/made-messages: $(wildcard src/duban/web/locale/*/LC_MESSAGES/*.po) tools/messages.py $(VENV)/made-runtime
	$(BIN)/python tools/messages.py compile
	@touch $@

setup: $(VENV)/made-runtime $(VENV)/made-assets $(VENV)/made-messages ## make .venv with the console script duban, the assets and the translations

demo: setup ## load the sample city and serve it on 127.0.0.1 (PORT=8000)
	@export DUBAN_DATA_DIR="$${DUBAN_DATA_DIR:-.demo}"; \
	$(BIN)/duban migrate && $(BIN)/duban demo samples/yunjiang-2026.txt --port $(PORT) && exec $(BIN)/duban serve --port $(PORT)

test: setup $(VENV)/made-dev ## the whole suite on SQLite
	$(BIN)/python -m pytest -n auto

test-postgres: setup $(VENV)/made-dev ## the whole suite on the PostgreSQL that DATABASE_URL or the loopback names
	DATABASE_URL="$${DATABASE_URL:-$$($(BIN)/python tools/postgres.py)}" $(BIN)/python -m pytest -n auto

lint: setup $(VENV)/made-dev ## formatting, lint, types, layers, sizes, templates, migrations, translations
	$(BIN)/ruff format --check src tests tools
	$(BIN)/ruff check src tests tools
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet src/duban/web/templates
	$(BIN)/python tools/size_budget.py
	DUBAN_DATA_DIR=build/lint $(BIN)/python -m django makemigrations --check --dry-run --settings duban.config.settings
	$(BIN)/python tools/messages.py check

e2e: setup $(VENV)/made-e2e ## browser journeys in the system's Chromium; they also take the manual's screenshots
	tools/chromium.sh
	$(BIN)/python -m pytest tests/e2e -p no:randomly

bench: setup $(VENV)/made-dev ## speed and memory, as medians and ratios within one run
	$(BIN)/python -m pytest tests/bench -p no:randomly --benchmark-only --benchmark-disable-gc -o addopts=""
	$(BIN)/python tools/bench_parser.py
	$(BIN)/python tools/bench.py

bundle: setup ## one archive that installs and upgrades without a network (x86-64 Linux)
	$(BIN)/python tools/make_bundle.py

eval: setup ## score the parser against the labelled documents
	$(BIN)/duban eval

sample: setup $(VENV)/made-dev ## write the sample list's files anew
	$(BIN)/python tools/make_sample.py

lock: $(VENV)/made-dev ## resolve the requirements anew (needs uv)
	tools/lock.sh

clean: ## remove what was built; data folders stay
	rm -rf $(VENV) build node_modules src/duban/web/static/vendor
