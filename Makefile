# RiskFabric. Needs Python 3.11 or newer, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DONE := $(VENV)/.installed
PROFILE ?= demo
export RISKFABRIC_PROFILE ?= $(PROFILE)

.DEFAULT_GOAL := help
.PHONY: help setup demo test ui bench check format audit docs clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

$(DONE): requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --requirement requirements.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch $@

setup: $(DONE)  ## virtual environment, packages, compiled kernels
	$(BIN)/riskfabric compile

demo: setup  ## from a map to a report: materialize everything
	$(BIN)/riskfabric demo

test: setup  ## all tests
	$(BIN)/python -m pytest -q -n 2 --dist loadscope tests

ui: setup  ## Dagster's web interface on the loopback address
	DAGSTER_HOME=$$($(BIN)/riskfabric dagster-home) $(BIN)/dagster dev -w workspace.yaml

bench: setup  ## measure; ONLY=name for one
	$(BIN)/python -m bench $(ONLY)

check: $(DONE)  ## format, lint, types, import contracts, SQL, YAML, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project
	$(BIN)/yamllint --strict .
	$(BIN)/codespell
	! grep -nE '://|^--(extra-)?index|find-links' requirements.txt

format: $(DONE)  ## format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

audit: $(DONE)  ## known vulnerabilities, secrets, unused code
	$(BIN)/pip-audit --requirement requirements.txt --disable-pip --no-deps
	git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook --baseline .secrets.baseline
	$(BIN)/vulture

docs: $(DONE)  ## the documentation as HTML in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:  ## remove everything that can be made again (data included)
	rm -rf $(VENV) data site build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis bench/results
