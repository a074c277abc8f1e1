# Needs Python 3.11 or 3.12 with venv, and make; everything else goes into .venv and the user's cache folder.
SUITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))
PYTHON ?= $(shell for name in python3 python3.12 python3.11; do $$name -c '$(SUITS)' 2>/dev/null && echo $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
MODELS ?= whisper-base whisper-tiny.en kokoro silero-vad

.PHONY: help serve test fast check engines bench docs lock clean
help: ## show this help
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

serve: $(VENV)/.serve ## install, get the engines, start tritonserver and the frontend on 127.0.0.1:8000
	@$(BIN)/tritone serve

test: $(VENV)/.dev ## run all tests against a real tritonserver
	$(BIN)/pytest

fast: $(VENV)/.fast ## lint, types and all tests that need neither engines nor tritonserver
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/deptry .
	$(BIN)/mypy $(LIGHT)
	$(BIN)/pytest -q -m 'not (engine or triton or slow or gpu)'

check: $(VENV)/.dev ## lint, format, declared imports, types, layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/deptry .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_layout.py

engines: $(VENV)/.serve ## build the default engines (MODELS="…" for others)
	@$(BIN)/tritone engines $(MODELS)

bench: $(VENV)/.dev ## compare with faster-whisper, kokoro-onnx and piper
	$(BIN)/python -m benchmarks.transcribe
	$(BIN)/python -m benchmarks.synthesize
	$(BIN)/python -m benchmarks.live

docs: $(VENV)/.dev ## build the documentation; warnings are errors
	$(BIN)/mkdocs build --strict

lock: $(VENV)/.uv ## write requirements/*.txt anew from pyproject.toml (UPGRADE=--upgrade: take newer versions)
	$(call lock,dev,--all-extras --group dev $(UPGRADE))
	$(call lock,serve,--extra zh --extra ja --constraint requirements/dev.txt)
	$(call lock,fast,--extra zh --extra ja --group fast --constraint requirements/dev.txt)
	$(call lock,build,--extra build --constraint requirements/dev.txt)
	$(call lock,uv,--group lock --constraint requirements/dev.txt)

clean: ## remove .venv and the links to engines; the cache stays
	rm -rf $(VENV) engines

define WRONG_PYTHON
Python 3.11 or 3.12 is needed: nvidia-pytriton works with numpy 1 only, which has no wheel for later ones. To get it:
  sudo apt-get install python3.12 python3.12-venv   # Ubuntu 24.04; elsewhere from the PPA deadsnakes, or
  uv python install 3.12
and then: make PYTHON=python3.12 …
endef
export WRONG_PYTHON
