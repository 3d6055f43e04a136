# make demo   one blocked and one clean project, from nothing but Python 3.11 with venv
# make test   every test, from the same
# make lint types bench   ruff, mypy, benchmarks
#
# PYTHON names the interpreter that makes .venv; PYTEST_ARGS is handed to pytest.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3.11)
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq

# The published site is tested in a real browser; in a container it is fetched, elsewhere it is asked for.
CHROMIUM := command -v chromium >/dev/null || command -v google-chrome >/dev/null \
  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq >/dev/null 2>&1 \
  && apt-get install -qq -y --no-install-recommends chromium >/dev/null 2>&1; } \
  || echo "chromium is not installed: the tests of the published site in a browser are skipped"

.PHONY: demo test lint types bench golden clean
.DEFAULT_GOAL := demo

# The environment is made once, and again only when what it is made from changes.
$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "make: needs Python 3.11 or newer with venv (Debian: apt install python3-venv); PYTHON=... names it" >&2; exit 2; }

$(VENV)/.core: $(VENV)/bin/python pyproject.toml
	@echo "installing tagwright into $(VENV)"
	@$(PIP) -e .
	@touch $@

$(VENV)/.all: $(VENV)/bin/python pyproject.toml
	@echo "installing tagwright with all extras into $(VENV)"
	@$(PIP) -e '.[all]'
	@touch $@ $(VENV)/.core

demo: $(VENV)/.core
	@bash examples/demo.sh $(BIN)/tagwright

test: $(VENV)/.all
	@$(CHROMIUM)
	@command -v terraform >/dev/null || echo "terraform is not installed: the tests that ask it are skipped"
	@$(BIN)/python -m pytest -n 2 -q $(PYTEST_ARGS)

lint: $(VENV)/.all
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.all
	@$(BIN)/mypy

bench: $(VENV)/.all
	@$(BIN)/python benchmarks/gate.py $(BENCH_ARGS)
	@$(BIN)/python benchmarks/pulumi.py --check
	@$(BIN)/python benchmarks/site.py --check

# Writes the recorded outputs anew (examples, README); read the difference before committing it.
golden: $(VENV)/.all
	@TAGWRIGHT_GOLDEN=write $(BIN)/python -m pytest -q -p no:cacheprovider tests/cli/test_examples.py tests/cli/test_readme.py

clean:
	@rm -rf $(VENV) build dist
