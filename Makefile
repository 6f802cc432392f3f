# Everything here makes what it needs: a virtual environment in .venv with the locked packages.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help demo test check chaos season announcement bench broadcast langid lock clean
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(READY) ## try the bot in your browser; needs no token
	@$(BIN)/together demo

test: $(READY) ## run all tests, three at a time; WORKERS=n
	@$(BIN)/python -m pytest --numprocesses $(or $(WORKERS),3) --dist loadfile --no-loadscope-reorder

check: $(READY) ## lint, types, texts and data
	@$(BIN)/ruff check . && $(BIN)/ruff format --check -q . && $(BIN)/mypy
	@TOGETHER_BOT_TOKEN=1:check $(BIN)/together check

chaos: $(READY) ## kill the bot again and again, in every world and trouble (quarter of an hour); ROUNDS=1 SEED=n
	@$(BIN)/python -m tests.campaigns.chaos $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SEED),--seed $(SEED)) \
	    $(if $(WORLDS),--worlds $(WORLDS)) $(if $(FOLDER),--folder $(FOLDER)) \
	    $(if $(PUBLISH),--publish $(PUBLISH))

season: $(READY) ## live through 90 days of meetings, and check every reminder (half an hour); SEED=n
	@$(BIN)/python -m tests.campaigns.season $(if $(SEED),--seed $(SEED)) $(if $(DAYS),--days $(DAYS)) \
	    $(if $(CITIZENS),--citizens $(CITIZENS)) $(if $(OCCASIONS),--occasions $(OCCASIONS)) \
	    $(if $(FOLDER),--folder $(FOLDER)) $(if $(PUBLISH),--publish $(PUBLISH))

announcement: $(READY) ## send one to 10,000 people with faults and a kill every 500 messages; SEED=n
	@$(BIN)/python -m tests.campaigns.announcement $(if $(SEED),--seed $(SEED)) \
	    $(if $(PEOPLE),--people $(PEOPLE)) $(if $(FOLDER),--folder $(FOLDER))

bench: $(READY) ## Together beside the bots people would write instead; QUICK=1, PUBLISH=1
	@$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes --no-deps -r tests/bench/requirements.lock
	@$(BIN)/python -m tests.bench $(if $(QUICK),--quick,--stages) $(if $(PUBLISH),--publish)

broadcast: $(READY) ## an announcement at 30 and 1000 a second, beside the loops people would write instead
	@$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes --no-deps -r tests/bench/requirements.lock
	@$(BIN)/python -m tests.bench.broadcast $(if $(PEOPLE),--people $(PEOPLE))

langid: $(READY) ## how well languages are recognised, beside other recognisers (some minutes)
	@$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes --no-deps -r tests/langid/requirements.lock
	@$(BIN)/python -m tests.langid

lock: $(READY) ## choose versions anew and lock them with their hashes
	@$(BIN)/python -m pip install -q uv
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --upgrade --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links --no-annotate --extra dev pyproject.toml -o requirements.lock

clean: ## remove what was made; the demo's data in .together stays
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Together needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	    { echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages (about a minute) ..."
	@$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r requirements.lock || \
	    { echo "The package index could not be reached, or a package is missing there; see the message above."; exit 1; }
	@$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@touch $@
