# make run     set up .venv, run the demo, show what came out
# make test    set up .venv with the development tools, run all checks and tests
# make lint    only ruff and mypy
# make wheel   build the wheel into dist/
# make clean   remove what make made, the demo's output and keys among it
#
# Another interpreter: make run PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input

.DEFAULT_GOAL := run
.PHONY: run test lint wheel clean

run: $(VENV)/.installed
	@$(BIN)/chartsift init run/phi
	@$(BIN)/chartsift run data/notes/notes.parquet --known data/notes/patients.jsonl \
	  --out run/out --phi run/phi
	@$(BIN)/chartsift show run/out
	@echo "The tables are in run/out: note, mention and note_status, folders of Parquet."

test: lint
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

wheel: $(VENV)/.installed-dev
	$(BIN)/python -m build --wheel --no-isolation

# torch comes first and alone: where a wheel for the CPU is at hand it is chosen here, and nothing
# that is installed later can bring in another build with gigabytes of CUDA.
$(VENV)/.torch: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' || { \
	  echo "chartsift needs Python 3.11 or 3.12; $(PYTHON) isn't. Try: make PYTHON=python3.12" >&2; \
	  exit 1; }
	@echo "setting up $(VENV) (some minutes, once)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install -c requirements.lock torch
	@touch $@

$(VENV)/.installed: pyproject.toml requirements.lock $(VENV)/.torch
	@$(PIP) install -c requirements.lock -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml requirements.lock $(VENV)/.torch
	@$(PIP) install -c requirements.lock -e '.[dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) build dist run .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find pipeline flows tests -name __pycache__ -type d -prune -exec rm -rf {} +
