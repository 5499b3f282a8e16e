# One file of commands. `make setup`, `make run` and `make test` need only Python 3.11 or newer with venv,
# make, git, and the package registries; everything else is installed from the locks in requirements/.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# The first Python on the path that is new enough and really starts.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)

.PHONY: help setup setup-test assets run test test-only lint format soak bench bench-peers docs screens lock clean

help:
	@echo "make setup   install everything into $(VENV) (quick when nothing changed)"
	@echo "make run     set up, then serve the demo at http://127.0.0.1:8000"
	@echo "make test    set up, then check and test everything, with minutes by suite"
	@echo "make lint    style and types only"
	@echo "make format  put the code into the project's style"
	@echo "make soak    the full-size races, kills and loads"
	@echo "make bench   speeds against their bars"
	@echo "make docs    write the reference pages anew"
	@echo "make screens take the pictures of the main screens anew"
	@echo "make lock    compile requirements/*.in into hash-checked locks"
	@echo "make clean   remove what setup and tests made"

# --- Setting up: each step leaves a stamp and is skipped until what it depends on changes.

# An environment that was moved, or whose Python is gone, is made anew.
ifneq ($(wildcard $(STAMPS)/venv),)
ifneq ($(shell $(BIN)/python -c 'print("starts")' 2>/dev/null) $(shell cat $(STAMPS)/venv),starts $(CURDIR))
$(shell rm -f $(STAMPS)/venv)
endif
endif

$(STAMPS)/venv:
	@test -n "$(PYTHON)" || { echo "Trefoil needs Python 3.11 or newer, with its venv module."; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@mkdir -p $(STAMPS) && echo "$(CURDIR)" > $@

$(STAMPS)/runtime: requirements/build.txt requirements/runtime.txt $(STAMPS)/venv
	@echo "Installing what Trefoil needs to run ..."
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@touch $@

$(STAMPS)/project: pyproject.toml $(wildcard engine/__init__.py webapp/__init__.py) $(STAMPS)/runtime
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(STAMPS)/test: requirements/test.txt $(STAMPS)/runtime
	@echo "Installing what the tests need ..."
	@$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

assets: $(STAMPS)/runtime
	@$(BIN)/python tools/assets.py

setup: $(STAMPS)/project assets
	@$(BIN)/python -m tools.paper

setup-test: setup $(STAMPS)/test
	@$(BIN)/python -m tools.browser

# --- Using it

run: setup
	@exec $(BIN)/trefoil demo

# --- Checking it

test:
	@start=$$(date +%s); $(MAKE) --no-print-directory setup-test; \
	echo "Set-up took $$(( $$(date +%s) - start )) seconds."
	@$(BIN)/python tools/run_suites.py

lint: setup $(STAMPS)/test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(STAMPS)/test
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

soak: setup-test
	@$(BIN)/python -m tests.soak
	@TREFOIL_CRAWL=everybody $(BIN)/python -m pytest -q tests/webapp/test_canaries.py

# Libraries that Trefoil is measured against stand apart from what it runs on.
$(STAMPS)/peers: tests/bench/peers/requirements.txt $(STAMPS)/test
	@$(PIP) install --require-hashes --no-deps --upgrade --target $(VENV)/peers -r $<
	@touch $@

bench: setup-test $(STAMPS)/peers
	@$(BIN)/python -m tests.bench

bench-peers: setup-test
	@$(BIN)/python -m tests.bench --peers

docs: setup $(STAMPS)/test
	@$(BIN)/python -m tools.references

screens: setup-test
	@$(BIN)/python -m tools.screens

# --- Keeping it

# --universal: one lock for Linux and Mac, x86-64 and ARM. The rest keeps the locks free of registry names.
lock: $(STAMPS)/venv
	@$(PIP) install --require-hashes -r requirements/lock.txt
	@for name in runtime build test node lock; do \
		$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
			--no-emit-index-url --no-emit-find-links --no-annotate --no-header $(LOCK_ARGS) \
			--output-file requirements/$$name.txt requirements/$$name.in; \
	done
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header $(LOCK_ARGS) \
		--output-file tests/bench/peers/requirements.txt tests/bench/peers/requirements.in
	@$(BIN)/python tools/assets.py --lock

clean:
	rm -rf $(VENV) node_modules webapp/static/vendor build *.egg-info \
		.pytest_cache .mypy_cache .ruff_cache .hypothesis
	find engine webapp tests tools -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
