# Two commands: `make run` serves http://127.0.0.1:8000, `make test` checks everything (but for a
# cluster: `make test-cluster`).
# `make run PORT=8123` takes another port, `make run PYTHON=python3.12` another Python.

SHELL = /bin/sh
PORT = 8000
PYTHONS = $(if $(PYTHON),$(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)
BIN = .venv/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable

.PHONY: run test test-cluster lint clean

run: .venv/installed
	@$(BIN)/communique index || [ $$? -eq 1 ]
	@exec $(BIN)/communique serve --port $(PORT)

test: lint
	$(BIN)/pytest

# Three nodes of OpenSearch on this machine; it says why where it has no JDK or no Maven.
test-cluster: .venv/installed-dev
	@if $(BIN)/python -m tests.cluster.java; then exec $(BIN)/pytest tests/cluster; \
	    else [ $$? -eq 3 ]; fi

.PHONY: bench bench-load
bench: .venv/installed-bench
	$(BIN)/python -m tests.bench $(if $(CORPUS),--corpus $(CORPUS)) $(if $(SIZES),--sizes $(SIZES))
	$(BIN)/python -m tests.bench.indexing
	$(BIN)/python -m tests.bench.views

# An hour or two; wrk has to be installed.
bench-load: .venv/installed-dev .venv/installed-bench
	$(BIN)/python -m tests.bench.load $(if $(CORPUS),--corpus $(CORPUS))
	$(BIN)/python -m tests.bench.day

# Folder and cluster beside each other: 10,000 and 100,000 statements, unless SIZES says otherwise.
.PHONY: bench-cluster
bench-cluster: .venv/installed-dev
	$(BIN)/python -m tests.bench.cluster $(if $(SIZES),--sizes $(SIZES))

lint: .venv/installed-dev
	$(BIN)/black --check .
	$(BIN)/isort --check --quiet .
	$(BIN)/flake8
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf .venv *.egg-info build .mypy_cache .pytest_cache .hypothesis .import_linter_cache

.venv/installed: setup.cfg pyproject.toml $(BIN)/python
	@echo "Installing Communiqué into .venv"
	@$(INSTALL) .
	@touch $@

.venv/installed-dev: setup.cfg pyproject.toml $(BIN)/python
	@echo "Installing Communiqué and what its tests need into .venv"
	@$(INSTALL) '.[dev]'
	@touch .venv/installed $@

.venv/installed-bench: setup.cfg pyproject.toml $(BIN)/python
	@echo "Installing Communiqué and what its benchmark compares it with into .venv"
	@$(INSTALL) '.[bench]'
	@touch .venv/installed $@

$(BIN)/python:
	@for python in $(PYTHONS); do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    "$$python" -c 'import ensurepip, venv' 2>/dev/null || { \
	        echo "$$python cannot make virtual environments." \
	            "On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }; \
	    exec "$$python" -m venv .venv; \
	done; \
	echo "Communiqué needs Python 3.11 or newer; looked for: $(PYTHONS)." \
	    "Install one, or name it: make run PYTHON=/path/to/python" >&2; exit 1
