# Two commands matter: `make run` and `make test`. Both set everything up in .venv and nowhere else.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run story test bench lint format proofs generated spec lock clean help

help:      ## what there is
	@grep -hE '^[a-z]+: .*##|^[a-z]+:  *##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 12

run: .venv/ready        ## start everything, do the main job once, serve until Ctrl-C
	@$(BIN)/motcua up --data-dir .motcua --port 8000 --story

story: .venv/ready      ## do the main job against what `make run` started
	@$(BIN)/motcua story --world .motcua/world.json

test: .venv/ready-to-test  ## every test, in two halves that share no file, in the order of the files
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: .venv/ready-to-test  ## every benchmark beside its peer, one table (make bench ASK=--quick)
	@$(BIN)/python -m bench $(ASK)

lint: .venv/ready-to-test  ## style, types, import contracts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-logo

format: .venv/ready-to-test  ## mend what a machine can mend
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

proofs: .venv/ready-to-test  ## which requirement is proven by which test
	@$(BIN)/python -m tests.architecture.proofs

generated: .venv/ready-to-test  ## write openapi.json, .env.example and the generated parts of docs/ anew
	@$(BIN)/motcua spec && $(BIN)/python -m tests.architecture.generated && $(BIN)/python -m tests.architecture.proofs > /dev/null

lock: .venv/ready-to-test  ## resolve the locks anew (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate --generate-hashes --extra motor --extra mongod --extra build pyproject.toml -o requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate --generate-hashes --all-extras -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:     ## forget the demo's data and the environment
	@rm -rf .motcua .venv

.venv/ready: requirements.lock pyproject.toml
	@echo "Setting up .venv (the first time this takes a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-to-test: requirements-dev.lock .venv/ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@
