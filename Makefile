# Needs python3 (3.11 to 3.13) with venv, and make; everything else goes into .venv and the user's cache folder.
PYTHON ?= python3
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

# Each stamp is newer than pyproject.toml once its extras are installed.
$(VENV)/.serve: pyproject.toml
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit("Python 3.11, 3.12 or 3.13 is needed, $(PYTHON) is %d.%d; try: make PYTHON=python3.12 …" % sys.version_info[:2])'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'Python cannot make virtual environments here; run: sudo apt-get install python3-venv'; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[frontend,text,zh,ja]'
	@# misaki's package refuses Python 3.13; what is used of it, the English lexicon, does not mind.
	@if $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 13))'; then \
		$(BIN)/pip install --quiet --no-deps --ignore-requires-python misaki==0.9.4; fi
	@touch $@

$(VENV)/.dev: $(VENV)/.serve
	$(BIN)/python -m tritone.toolchain
	$(BIN)/pip install --quiet --editable '.[frontend,text,zh,ja,dev]'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/pip install --quiet --editable '.[frontend,text,zh,ja,bench]'
	@touch $@
