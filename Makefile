# `make demo` and `make test` work on a fresh machine with Python 3.11 or newer and a
# C compiler: they set up .venv themselves. Packages come from wherever pip is
# configured to look.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PINS := -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test lint types style layers knowledge examples proof clean

help:
	@echo "make demo   set up, diagnose a made-up company, write the reports to demo/"
	@echo "make test   set up, run every check and test"
	@echo "make lint   set up, run the checks without the tests"
	@echo "make proof  set up, prove the loss map on made-up firms (ten minutes)"
	@echo "make clean  remove .venv and demo/"

# dependency groups need pip 25.1; Python 3.11 may come with an older one
$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "salesdx needs Python 3.11 or newer: make PYTHON=python3.11 …"; exit 2; }
	@echo "Setting up $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/for-running: $(VENV)/made pyproject.toml constraints.txt
	@echo "Installing salesdx …"
	@$(PIP) install $(PINS) -e .
	@touch $@

$(VENV)/for-testing: $(VENV)/made pyproject.toml constraints.txt
	@echo "Installing salesdx with the tools of the tests …"
	@$(PIP) install $(PINS) -e '.[postgres,spark]' --group dev
	@touch $@ $(VENV)/for-running

demo: $(VENV)/for-running
	@$(BIN)/salesdx demo demo

# apart, so that `make -j2` runs them side by side: types take longest
lint: types style layers knowledge

types: $(VENV)/for-testing
	$(BIN)/mypy

style: $(VENV)/for-testing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

layers: $(VENV)/for-testing
	$(BIN)/lint-imports

knowledge: $(VENV)/for-testing
	$(BIN)/salesdx --lang en kb lint

examples: $(VENV)/for-testing
	$(BIN)/salesdx --lang en kb test

# -rs names every test that this machine had to skip, and why
test: lint examples
	$(BIN)/pytest -n 2 --dist worksteal -rs --durations=25

proof: $(VENV)/for-running
	@$(BIN)/python benchmarks/proof.py

clean:
	rm -rf $(VENV) demo
