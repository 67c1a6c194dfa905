# Two commands matter: `make run` and `make test`. `make help` lists the others.

PYTHON ?= python3
BIN := .venv/bin
CORPUS := examples/corpus
# The parts of llama.cpp's Python package that read images are not used; leaving them out saves a third of the build.
export CMAKE_ARGS ?= -DLLAVA_BUILD=OFF

.PHONY: help run ask install test e2e check format bench load examples lock clean
.DEFAULT_GOAL := help

help: ## Show what can be made
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/installed ## Install if needed, read the example corpus, start the chat
	@$(BIN)/stafwijzer corpus add examples $(CORPUS) --title "Exercise NOORDERLICHT" --owner "exercise staff"
	@$(BIN)/stafwijzer chat

ask: .venv/installed ## Ask in the terminal: make ask Q="Who is responsible for ...?"
	@test -n "$(Q)" || { echo 'Give a question: make ask Q="Which bridge does the convoy use?"'; exit 2; }
	@$(BIN)/stafwijzer corpus add examples $(CORPUS) --title "Exercise NOORDERLICHT" --owner "exercise staff" > /dev/null
	@$(BIN)/stafwijzer ask "$(Q)"

install: .venv/installed ## Make .venv with the pinned packages

.venv/installed: requirements.lock requirements-torch.txt pyproject.toml
	@sh install/check.sh "$(PYTHON)"
	@echo "Making .venv; llama.cpp is compiled, which takes some minutes."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-torch.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

test: .venv/installed-dev ## Run the tests that take seconds: doubles instead of models
	$(BIN)/pytest -m "not models and not browser and not slow"

e2e: .venv/installed-dev ## Run the others: real models, a real browser, killed processes
	$(BIN)/pytest -m "models or browser or slow"

check: .venv/installed-dev ## Check format, lint and types, and run all tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test
	$(MAKE) e2e

format: .venv/installed-dev ## Format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/installed-dev ## Measure indexing, search and answering (minutes); FULL=1 on the doctrine corpus
	$(BIN)/python -m evals.bench $(if $(FULL),--full)

load: .venv/installed-dev ## Measure the chat under 100 users at once (minutes); USERS=10 SECONDS=15 for a short one
	$(BIN)/python -m evals.bench_load --users $(or $(USERS),100) --seconds $(or $(SECONDS),60)

examples: .venv/installed-dev ## Make the example corpus again from its sources
	$(BIN)/python examples/generate.py

lock: ## Resolve the dependencies again (needs uv)
	sh install/lock.sh

clean: ## Remove the virtual environment and caches; keeps what you added to corpora
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
