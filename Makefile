# The only commands a newcomer needs:  make run · make test · make check · make bench · make demo
# Needs Python 3.11 and make; everything else is installed into .venv by the pinned requirements.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.PHONY: run demo test test-postgresql check bench faults load lock clean

run: .venv/installed
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_content
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@echo "MedGuide is at http://$(HOST):$(PORT)  (Ctrl-C stops it)"
	@MEDGUIDE_SITE_URL=$${MEDGUIDE_SITE_URL:-http://$(HOST):$(PORT)} $(BIN)/granian --interface wsgi --host $(HOST) --port $(PORT) --no-ws --blocking-threads 4 --log-level warning medguide.wsgi:application

# A family with its lists to look around in, apart from your own data: for development.
demo: export MEDGUIDE_DEBUG := 1
demo: export MEDGUIDE_VAR_DIR := var/demo
demo: export MEDGUIDE_SITE_URL ?= http://$(HOST):$(PORT)
demo: .venv/installed
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_content
	@$(MANAGE) demo --if-empty
	@$(MANAGE) runserver $(HOST):$(PORT)

test: .venv/tested .chromium
	$(BIN)/pytest --numprocesses auto

# The same beside a PostgreSQL of its own, which must be installed; the stories in a browser only with WHICH="".
test-postgresql: WHICH := not browser
test-postgresql: .venv/tested .chromium
	$(BIN)/python -m tests.postgresql $(BIN)/pytest --numprocesses auto -m "$(WHICH)"

check: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(MANAGE) makemigrations --check --dry-run --verbosity 0
	MEDGUIDE_SITE_URL=https://medguide.example MEDGUIDE_SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") $(MANAGE) check --deploy --fail-level WARNING
	$(MANAGE) load_content --check --verbosity 2

bench: .venv/tested
	@.ci/debian-packages wrk:wrk
	@$(BIN)/python -m tests.bench

# kill -9 at a hundred random moments on each engine, and fifty outages of PostgreSQL.
faults: .venv/tested
	@$(BIN)/python -m tests.faults.kills

# People who read, search, check and edit, all at once: ten minutes on each engine.
load: .venv/tested
	@.ci/debian-packages wrk:wrk
	@$(BIN)/python -m tests.load

# Pins what requirements.in names, with hashes.
lock: .venv/installed
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-strip-extras --python-version 3.11 --no-emit-index-url requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-strip-extras --python-version 3.11 --no-emit-index-url tests/requirements.in -o tests/requirements.txt

clean:
	rm -rf .venv var build

.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "MedGuide needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/tested: .venv/installed tests/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@touch $@

# The browser of the tests: the system's Chromium, Debian's without windows, or Playwright's own.
.PHONY: .chromium
.chromium: .venv/tested
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || \
	  .ci/debian-packages chromium-headless-shell:chromium-headless-shell || $(BIN)/playwright install chromium
