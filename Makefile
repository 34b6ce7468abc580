# Liandiao 联调. `make` lists what there is.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench demo clean wheel

help: ## list these commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: $(STAMP) ## make .venv with everything and build the browser side
	@$(BIN)/python -P webui/assets.py

$(STAMP): setup.cfg pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

run: setup ## serve the product with demonstration people and cases
	@$(BIN)/liandiao serve --demo

test: setup ## every test, a real PostgreSQL and a real browser included
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

check: setup ## style, types, import contracts, diagrams, then the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config setup.cfg
	$(BIN)/liandiao check bpmn
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

bench: setup ## measure; prints a table and writes bench/results/
	@$(BIN)/python -m bench

demo: setup ## fill the data folder with 200 believable dossiers
	@$(BIN)/liandiao demo

wheel: setup ## build a wheel that carries the browser side
	@$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean: ## remove what was built (not your data)
	rm -rf .venv build dist webui/static/vendor webui/frontend/node_modules
