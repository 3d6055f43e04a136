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

# What tests ask of the machine beside Python: PROGRAM:PACKAGE of Debian. Root gets what is missing; anybody else, and a
# machine without apt, is told which tests are skipped.
TOOLS := chromium:chromium minisign:minisign openssl:openssl initdb:postgresql systemd-analyze:systemd node:nodejs npm:npm
FIND = command -v $(1) >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/$(1) >/dev/null 2>&1

.PHONY: demo test tools lint types bench golden clean
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

tools:
	@for pair in $(TOOLS); do \
	  $(call FIND,$${pair%%:*}) || missing="$$missing $${pair##*:}"; \
	done; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing$$missing"; \
	  { apt-get update -qq && apt-get install -qq -y --no-install-recommends $$missing; } >/dev/null 2>&1 || true; \
	fi; \
	for pair in $(TOOLS); do \
	  $(call FIND,$${pair%%:*}) || echo "$${pair%%:*} is not installed: the tests that ask it are skipped"; \
	done

test: $(VENV)/.all tools
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
	@$(BIN)/python benchmarks/drift.py --check
	@$(BIN)/python benchmarks/history.py
	@$(BIN)/python benchmarks/report.py

# Writes the recorded outputs anew (examples, README); read the difference before committing it.
golden: $(VENV)/.all
	@TAGWRIGHT_GOLDEN=write $(BIN)/python -m pytest -q -p no:cacheprovider tests/cli/test_examples.py tests/cli/test_readme.py

clean:
	@rm -rf $(VENV) build dist
