# Stocktake from a fresh clone. Needs GNU make (3.81 or later), Python 3.11 or later, and git; nothing else for `make review`.
# Once .venv is made, nothing below touches the network, except `make lock`.

.DEFAULT_GOAL := help
.PHONY: help setup review reviews test check bench lock clean

REVIEWED := 2021-12-31 2023-12-31 2026-11-22
OLD_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
# The first Python that runs and is new enough; name another with PYTHON=...
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do "$$p" -c '$(OLD_ENOUGH)' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --pip-args "--uploaded-prior-to=P7D" $(UPGRADE)

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.dev $(VENV)/npm/.done ## make .venv with everything that the targets below need

review: $(VENV)/.base ## review A/RES/75/65 into build/review (TEXT=file AS_OF=2026-11-22 OUT=folder LANG_=en|zh)
	@$(BIN)/stocktake review $(if $(TEXT),"$(TEXT)") $(if $(AS_OF),--as-of "$(AS_OF)") $(if $(OUT),--out "$(OUT)") $(if $(LANG_),--lang "$(LANG_)")

# The written reviews of docs/reviews, each as of its date.
REVIEWS := 2021-12-31 2023-12-31 2026-11-22

reviews: $(VENV)/.base ## write docs/reviews again, from the catalogue and the rules as they are now
	@for day in $(REVIEWS); do \
		$(BIN)/stocktake review --as-of $$day --markdown docs/reviews/$$day.md >/dev/null || exit 1; \
		echo "docs/reviews/$$day.md"; done

# A test whose system part is missing (Chromium, ../shared) is skipped and says how to get it; in CI nothing may be skipped.
test: $(VENV)/.dev $(VENV)/npm/.done ## every test, browser included
ifeq ($(CI),)
	@$(BIN)/python -m pytest -n auto --dist loadgroup
else
	@mkdir -p build
	@$(BIN)/python -m pytest -n auto --dist loadgroup --junitxml=build/tests.xml
	@if grep -q '<skipped' build/tests.xml; then echo "A TEST WAS SKIPPED; in CI none may be (see build/tests.xml)." >&2; exit 1; fi
endif

check: $(VENV)/.dev ## style, types, layers and the fast tests
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -n auto -m "not slow and not browser"

bench: $(VENV)/.base ## speed and memory: the review, the evaluation through time, reading texts, beside their limits
	@$(BIN)/python bench/review.py
	@$(BIN)/python bench/assess.py
	@$(BIN)/python bench/texts.py

lock: $(VENV)/.dev ## resolve requirements/*.txt again (UPGRADE=--upgrade for newer parts, a week old at least; needs network)
	$(COMPILE) -o requirements/base.txt requirements/base.in pyproject.toml
	$(COMPILE) --extra dev -c requirements/base.txt -o requirements/dev.txt requirements/base.in pyproject.toml

clean: ## remove what was built; .venv stays
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.base: requirements/base.txt pyproject.toml
	@$(BIN)/python -c '$(OLD_ENOUGH)' 2>/dev/null || { \
		test -n "$(PYTHON)" && "$(PYTHON)" -c '$(OLD_ENOUGH)' || { echo "NO PYTHON 3.11 OR LATER: install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }; \
		echo "Setting up $(VENV), once" >&2; "$(PYTHON)" -m venv --clear $(VENV); }
	@$(PIP_INSTALL) --require-hashes -r requirements/base.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo "Adding the tools for development to $(VENV), once" >&2
	@$(PIP_INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

# A second implementation of canonical JSON, for one test; without npm that test skips aloud, and fails in CI.
$(VENV)/npm/.done: tests/thirdparty/canonicalize/package-lock.json $(VENV)/.dev
	@mkdir -p $(@D) && cp $(<D)/package*.json $(@D)
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --ignore-scripts --prefix $(@D) && touch $@; \
	else echo "No npm here: tests/thirdparty/test_canonicalize_agrees.py will not run" >&2; fi
