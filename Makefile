# Everything a contributor or a curious visitor runs. Needs make and Python 3.10 or newer; the rest
# is installed into .venv/ on first use and again whenever pyproject.toml changes.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory --no-builtin-rules

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
WORKERS ?= 2
override SHOPKIT_VAR := $(abspath $(or $(SHOPKIT_VAR),var))
export SHOPKIT_VAR
SITE_URL ?= http://127.0.0.1:$(PORT)
export SITE_URL

BIN := $(VENV)/bin
DEMO := $(BIN)/python example_project/manage.py
PYTEST := $(BIN)/python -m pytest --no-header -n 2 --dist worksteal
# A site that may name a database of its own (environment or .env) gets the PostgreSQL driver too.
DEMO_GROUP := $(if $(DATABASE_URL)$(wildcard .env),services,example)
OPENAPI := docs/reference/openapi.yaml
SPECTACULAR := $(BIN)/python -m django spectacular --settings tests.settings --validate --fail-on-warn \
  --custom-settings shopkit.core.api.documents.DOCUMENT_SETTINGS

.DEFAULT_GOAL := help
.PHONY: help demo demo-services demo-data manage test test-sites faults fuzz lint docs openapi openapi-check messages bench package clean

help:
	@echo "make demo            the shop on SQLite at http://127.0.0.1:$(PORT) (PORT=...)"
	@echo "make demo-services   the same on PostgreSQL, Redis, Celery; reads DATABASE_URL, REDIS_URL"
	@echo "make manage ARGS=... a management command with the demo's settings"
	@echo "make test            the suite on SQLite, then on PostgreSQL where DATABASE_URL is set;"
	@echo "                     with Redis where REDIS_URL is set"
	@echo "make test-sites      the suite on sites with only some of the apps"
	@echo "make faults          kill processes and servers of a shop of its own; LONG=1 for minutes"
	@echo "make fuzz            made-up input for every call of the demo's API; ARGS=\"--examples 50\""
	@echo "make lint            ruff, import-linter, mypy"
	@echo "make docs            docs/_build/html, warnings are errors"
	@echo "make openapi         write $(OPENAPI); openapi-check: is it current?"
	@echo "make messages        bring the catalogues of translations up to date"
	@echo "make bench           how fast it is, beside floors; SIZES=... DURATION=... ONLY=..."
	@echo "make package         build wheel and sdist, and prove that they install"
	@echo "make clean           remove what the tools leave behind (not .venv/, not var/)"

ifneq ($(filter demo-services,$(MAKECMDGOALS)),)
ifeq ($(DATABASE_URL),)
$(error DATABASE_URL is not set. Name a PostgreSQL database: make demo-services DATABASE_URL=postgres://user:password@host:port/name)
endif
export DATABASE_URL
endif

# --- the environment -------------------------------------------------------------------------

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit("shopkit needs Python 3.10 or newer; this is " + sys.version.split()[0] + ". Name another one: make PYTHON=..." if sys.version_info < (3, 10) else 0)'
	@echo "Creating $(VENV)/ ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --upgrade "pip>=25.1" # older ones know no --group

$(VENV)/.has-%: pyproject.toml | $(BIN)/pip
	@echo "Installing shopkit and its '$*' requirements into $(VENV)/ ..."
	@$(BIN)/python -m pip install -qq --editable ".[all]" --group $*
	@touch $@

.PRECIOUS: $(VENV)/.has-%

# --- the demo shop ---------------------------------------------------------------------------

demo-data: $(VENV)/.has-$(DEMO_GROUP)
	@mkdir -p "$(SHOPKIT_VAR)"
	@$(DEMO) migrate --verbosity 0
	@$(DEMO) shopkit_demo

demo: demo-data
	@echo "The demo shop is at http://127.0.0.1:$(PORT)/ (Ctrl-C stops it)."
	@CELERY_BROKER_URL= exec $(DEMO) runserver --noreload 127.0.0.1:$(PORT)

# gunicorn, a worker and a beat, of which none outlives the others. Without a broker the web processes
# do the workers' work.
demo-services: need-servers demo-data
	@$(DEMO) collectstatic --noinput --verbosity 0
	@echo "The demo shop is at http://127.0.0.1:$(PORT)/ (Ctrl-C stops it)."
	@export PATH="$(abspath $(BIN)):$$PATH" PORT=$(PORT) WEB_CONCURRENCY=$(WORKERS); \
	  exec $(BIN)/python tools/run_together.py example_project/Procfile \
	    $(if $(REDIS_URL)$(CELERY_BROKER_URL),,web)

.PHONY: need-servers
need-servers: $(VENV)/.has-services
	@$(BIN)/python tools/database_answers.py
	@$(if $(REDIS_URL),$(BIN)/python tools/redis_answers.py,echo "No REDIS_URL: carts in the database, and no workers.")

manage: $(VENV)/.has-$(DEMO_GROUP)
	@mkdir -p "$(SHOPKIT_VAR)"
	@$(DEMO) $(ARGS)

# --- quality ---------------------------------------------------------------------------------

# Which servers take part is said first, so that pytest has the last word.
test: $(VENV)/.has-test
	@postgres=no; \
	if [ "$${SHOPKIT_REQUIRE_SERVICES:-}" = 1 ]; then \
	  $(BIN)/python tools/database_answers.py; $(BIN)/python tools/redis_answers.py; postgres=yes; \
	elif [ -z "$${DATABASE_URL:-}" ]; then \
	  echo "PostgreSQL suite skipped: no PostgreSQL (set DATABASE_URL)"; \
	elif $(BIN)/python tools/database_answers.py; then postgres=yes; \
	else echo "PostgreSQL suite skipped: no PostgreSQL (SHOPKIT_REQUIRE_SERVICES=1 makes this fail)"; fi; \
	if [ -z "$${REDIS_URL:-}" ]; then \
	  echo "Redis suite skipped: no Redis (set REDIS_URL)"; \
	elif ! $(BIN)/python tools/redis_answers.py; then unset REDIS_URL; \
	  echo "Redis suite skipped: no Redis (SHOPKIT_REQUIRE_SERVICES=1 makes this fail)"; fi; \
	echo "--- SQLite"; SHOPKIT_TEST_DATABASE=sqlite $(PYTEST) $(ARGS); \
	if [ $$postgres = yes ]; then \
	  echo "--- PostgreSQL"; SHOPKIT_TEST_DATABASE=postgres $(PYTEST) $(ARGS); fi

# The same tests on sites with fewer apps, or with another user model; tests/sites holds them.
GOODS_TESTS := tests/catalog tests/inventory tests/pricing tests/cart tests/reviews tests/orders tests/payments
test-sites: $(VENV)/.has-test
	@echo "--- goods alone"
	@DJANGO_SETTINGS_MODULE=tests.sites.goods.settings $(PYTEST) -m "not race" $(GOODS_TESTS)
	@echo "--- people alone"
	@DJANGO_SETTINGS_MODULE=tests.sites.people.settings $(PYTEST) tests/accounts
	@echo "--- another user model"
	@DJANGO_SETTINGS_MODULE=tests.sites.custom_user.settings $(PYTEST) tests/accounts
	@DJANGO_SETTINGS_MODULE=tests.sites.email_user.settings $(BIN)/python -m pytest --no-header tests/sites/email_user
	@echo "--- codes by SMS alone"
	@DJANGO_SETTINGS_MODULE=tests.sites.otp_sms.settings $(PYTEST) -m "not race" tests/otp
	@echo "--- goods, and people, with notifications"
	@DJANGO_SETTINGS_MODULE=tests.sites.goods_notified.settings $(BIN)/python -m pytest --no-header tests/sites/goods_notified
	@DJANGO_SETTINGS_MODULE=tests.sites.people_notified.settings $(BIN)/python -m pytest --no-header tests/sites/people_notified
	@echo "--- a catalogue that remembers"
	@SHOPKIT_TEST_CACHE=1 $(PYTEST) -m "not race" tests/catalog
	@echo "--- the catalogue alone"
	@DJANGO_SETTINGS_MODULE=tests.sites.catalog.settings $(BIN)/python -m pytest --no-header tests/sites/catalog
	@echo "--- the catalogue with reviews"
	@DJANGO_SETTINGS_MODULE=tests.sites.reviews.settings $(PYTEST) -m "not race" tests/sites/reviews tests/reviews

# Needs the programs of PostgreSQL and Redis, and no running server: it starts its own.
faults: $(VENV)/.has-test $(VENV)/.has-services
	@$(BIN)/python -m tests.faults $(if $(LONG),--long) $(ARGS)

# Needs Python 3.11 or newer and no server.
fuzz: $(VENV)/.has-dev
	@$(BIN)/python -m tox run -qq -e fuzz -- $(ARGS)

lint: $(VENV)/.has-lint $(VENV)/.has-test $(VENV)/.has-types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

docs: $(VENV)/.has-docs
	@$(BIN)/sphinx-build -q -W --keep-going -d docs/_build/doctrees docs docs/_build/html
	@echo "docs/_build/html/index.html"

openapi: $(VENV)/.has-test
	@$(SPECTACULAR) --file $(OPENAPI)

openapi-check: $(VENV)/.has-test
	@fresh=$$(mktemp); trap 'rm -f "$$fresh"' EXIT; \
	$(SPECTACULAR) --file "$$fresh"; \
	diff -u $(OPENAPI) "$$fresh" || { echo "$(OPENAPI) is stale: run 'make openapi' and commit it." >&2; exit 1; }; \
	echo "$(OPENAPI) is current."

messages: $(VENV)/.has-test
	@$(BIN)/python -m tools.messages

# Needs DATABASE_URL, REDIS_URL and wrk; says so, with the remedy. Of ONLY some workloads the results
# are shown and not written into the docs.
SIZES ?= 1000 100000
DURATION ?= 3
ONLY ?=
bench: $(VENV)/.has-services
	@$(BIN)/python -m benchmarks --sizes $(SIZES) --duration $(DURATION) \
	  $(if $(ONLY),--only $(ONLY),--page docs/explanation/benchmarks.md)

package: $(VENV)/.has-package
	@$(BIN)/python tools/check_package.py

clean:
	rm -rf .tox build dist docs/_build htmlcov .coverage .coverage.* coverage.xml
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
