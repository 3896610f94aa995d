# Fleetfolk. `make run` starts it, `make test` checks all of it; `make help` lists the rest.

# A pyenv shim can exist and still not start, so each candidate is tried, not just looked up.
find_python = for python in .venv/bin/python python3.13 python3.14 python3.12 python3 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then echo $$python; exit 0; fi; \
	done; \
	echo "Fleetfolk: No Python 3.12 or newer was found. Install one (Debian 13 and Ubuntu 24.04: apt-get install python3 python3-venv; macOS: brew install python@3.13) and run make again." >&2; exit 1

BIN := .venv/bin
PEOPLE ?= 10000

.DEFAULT_GOAL := help
.PHONY: help run setup setup-test test lint format types contracts checks unit e2e bench bench-gateway faults failover replicas soak pictures readme-pictures lock reference mutate coverage audit messages clean diskfull upgrade clock

help:  ## this list
	@grep -E '^[a-z0-9-]+:.*##' Makefile | sed -E 's/^([a-z0-9-]+):.*## */make \1\t/' | expand -t 18

run: setup  ## start Fleetfolk on http://localhost:8080 (FLEETFOLK_PORT); Ctrl-C stops it
	@exec $(BIN)/fleetfolk run

setup:
	@python=$$($(find_python)) && exec $$python tools/bootstrap.py run

setup-test:
	@python=$$($(find_python)) && exec $$python tools/bootstrap.py test

test: setup-test  ## everything: lint, types, contracts, Django's checks, unit tests, attack tables, browser journeys
	@exec $(BIN)/python tools/check.py all

lint: setup-test  ## ruff and the templates' format and lint
	@exec $(BIN)/python tools/check.py lint

types: setup-test  ## mypy, strict
	@exec $(BIN)/python tools/check.py types

contracts: setup-test  ## which package may import which
	@exec $(BIN)/python tools/check.py contracts

checks: setup-test  ## Django's system checks, as deployed, and missing migrations
	@exec $(BIN)/python tools/check.py checks

unit: setup-test  ## unit tests and attack tables; ARGS="-k name" for some
	@exec $(BIN)/python tools/check.py unit $(ARGS)

e2e: setup-test  ## browser journeys in Chromium; ARGS="-k name" for some
	@exec $(BIN)/python tools/check.py e2e $(ARGS)

bench: setup-test  ## measure, beside bare SQL and Django's admin; PEOPLE=10000
	@exec $(BIN)/python tools/check.py bench --people $(PEOPLE) $(ARGS)

bench-gateway: setup-test  ## measure what the gateway takes; ARGS="--minutes 10" shows its memory
	@exec $(BIN)/python tools/check.py bench-gateway $(ARGS)

faults: setup-test  ## kill each part in the middle of each kind of work; ARGS="--only import --part worker"
	@exec $(BIN)/python -m bench.faults $(ARGS)

failover: setup-test  ## lose the primary database, and let its standby take over
	@exec $(BIN)/python -m bench.failover

soak: setup-test  ## fifty people use it for half an hour: as fast and as small at the end; ARGS="--minutes 3" rehearses
	@exec $(BIN)/python -m bench.soak $(ARGS)

diskfull: setup-test  ## fill the disk while it is used, and make room again (needs root and Linux)
	@exec $(BIN)/python -m bench.diskfull $(ARGS)

upgrade: setup-test  ## bring an earlier schema to today's while something writes; ARGS="--people 1000000"
	@exec $(BIN)/python -m bench.upgrade $(ARGS)

clock: setup-test  ## let the clock jump by an hour while it is used (needs libfaketime)
	@exec $(BIN)/python -m bench.clock $(ARGS)

replicas: setup-test  ## two of each part behind a load balancer, each started anew in turn
	@exec $(BIN)/python -m bench.replicas

pictures: setup-test  ## take the pictures in the docs anew
	@exec $(BIN)/python tools/check.py pictures $(ARGS)

readme-pictures: setup-test  ## take the README's pictures anew, of the demo that `make run` has started
	@exec $(BIN)/python tools/readme_pictures.py $(ARGS)

reference: setup-test  ## write docs/reference/ anew from the code
	@exec $(BIN)/python tools/reference.py

mutate: setup-test  ## take guards against attacks away and see tests fail; ARGS="7 12" for some, --record to write it down
	@exec $(BIN)/python tools/mutate.py $(ARGS)

coverage: setup-test  ## which lines and branches of the kernel, rights, log and Actions no unit test runs; ARGS="--report" says it again
	@exec $(BIN)/python tools/covered.py $(ARGS)

audit:  ## ask whether a vulnerability is known of a dependency (needs the network and pip-audit)
	@python=$$($(find_python)) && exec $$python tools/audit.py

messages: setup-test  ## look for sentences that other languages lack (needs GNU gettext)
	@exec $(BIN)/python tools/messages.py --gather

format: setup-test  ## put the sources in their format
	@exec $(BIN)/python tools/check.py format

lock: setup-test  ## resolve the dependencies anew and write the lock files
	@exec $(BIN)/python tools/lock.py

clean:  ## remove what was installed and built; the data in .fleetfolk stays
	rm -rf .venv .setup.lock node_modules src/fleetfolk/console/static/console .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage_data e2e/results
