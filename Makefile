# Needs Python 3.11 or 3.12 with venv, and make; everything else goes into .venv and the user's cache folder.
SUITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))
PYTHON ?= $(shell for name in python3 python3.12 python3.11; do $$name -c '$(SUITS)' 2>/dev/null && echo $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
MODELS ?= whisper-base whisper-tiny.en kokoro silero-vad

.PHONY: help serve test check engines bench clean
help: ## show this help
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

serve: $(VENV)/.serve ## install, get the engines, start tritonserver and the frontend on 127.0.0.1:8000
	@$(BIN)/tritone serve

test: $(VENV)/.dev ## run all tests against a real tritonserver
	$(BIN)/pytest

check: $(VENV)/.dev ## lint, format, types, layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_layout.py

engines: $(VENV)/.serve ## build the default engines (MODELS="…" for others)
	@$(BIN)/tritone engines $(MODELS)

bench: $(VENV)/.bench ## compare with faster-whisper, kokoro-onnx and piper
	$(BIN)/python -m benchmarks.transcribe
	$(BIN)/python -m benchmarks.synthesize
	$(BIN)/python -m benchmarks.live

clean: ## remove .venv and the links to engines; the cache stays
	rm -rf $(VENV) engines

define WRONG_PYTHON
Python 3.11 or 3.12 is needed: nvidia-pytriton works with numpy 1 only, which has no wheel for later ones. To get it:
  sudo apt-get install python3.12 python3.12-venv   # Ubuntu 24.04; elsewhere from the PPA deadsnakes, or
  uv python install 3.12
and then: make PYTHON=python3.12 …
endef
export WRONG_PYTHON

# Each stamp is newer than pyproject.toml once its extras are installed.
$(VENV)/.serve: pyproject.toml
	@$(or $(PYTHON),false) -c '$(SUITS)' || { echo "$$WRONG_PYTHON"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'Python cannot make virtual environments here; run: sudo apt-get install $(notdir $(PYTHON))-venv'; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[frontend,text,zh,ja]'
	@touch $@

$(VENV)/.dev: $(VENV)/.serve
	$(BIN)/python -m tritone.toolchain
	$(BIN)/pip install --quiet --editable '.[frontend,text,zh,ja,dev]'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/pip install --quiet --editable '.[frontend,text,zh,ja,bench]'
	@touch $@
