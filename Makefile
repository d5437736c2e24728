# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later

.DEFAULT_GOAL := help
SHELL := /bin/sh

export PATH := $(CURDIR)/.venv/bin:$(PATH)
export ANSIBLE_HOME := $(CURDIR)/.ansible

# A listmonk that the caller's shell names is not the one that any of these targets means.
unexport LISTMONK_URL LISTMONK_USERNAME LISTMONK_API_USER LISTMONK_USER LISTMONK_API_TOKEN LISTMONK_TOKEN
# Container images like to set this. Each of the hundreds of Pythons that these targets start would compile Ansible and the sandbox anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Make the environments in .venv and .venv-oldest (done by every other target as well)
	@dev/setup

.PHONY: sandbox
sandbox: setup ## Start an empty AWS account on this machine and let Ansible deploy listmonk there
	@python -m sandbox up --aws
	@ansible-playbook clarivum.mailing.deploy -i inventories/sandbox
	@python -m sandbox next-steps

.PHONY: sandbox-down
sandbox-down: setup ## Stop what `make sandbox` started and remove its data
	@python -m sandbox down

.PHONY: test
test: setup ## Everything that must hold before a change lands: lint, tests on both ends, sanity, the built artefact
	@python -m dev.check

.PHONY: lint
lint: setup ## The linters alone, ansible-test sanity included
	@python -m dev.check --lint

.PHONY: contract
contract: setup ## The tests that need a listmonk; SANDBOX_FRESH='…' runs them against another one
	@python -m pytest -n 2 --dist loadfile tests/contract tests/modules

.PHONY: bench
bench: setup ## Measure: task overhead, the import of a million rows, an estate in which nothing changes
	@python -m bench

.PHONY: rehearse
rehearse: setup ## Deploy from nothing, show that a second run changes nothing and that a check is true, tear down; then every fault at every request, and a deploy killed at each of its steps
	@python -m sandbox down
	@python -m sandbox up --aws
	@ansible-playbook clarivum.mailing.deploy -i inventories/sandbox --check --diff
	@ansible-playbook clarivum.mailing.deploy -i inventories/sandbox
	@ansible-playbook clarivum.mailing.deploy -i inventories/sandbox | tee .cache/rehearsal.log
	@grep -q 'changed=0 .*failed=0' .cache/rehearsal.log || { echo "The second run changed something; see its recap above." >&2; exit 1; }
	@ansible-playbook clarivum.mailing.teardown -i inventories/sandbox -e teardown_confirmed=true -e teardown_environment=paperboat-sandbox
	@python -m sandbox down
	@REHEARSE=1 python -m pytest -q -n 3 --dist worksteal tests/faults
	@REHEARSE=1 python -m pytest -q tests/playbooks/test_deploy_killed.py

.PHONY: docs
docs: setup ## Build the documentation as HTML into .cache/docs
	@python -m dev.docs

.PHONY: format
format: setup ## Let ruff lay out the Python files
	@ruff format --quiet . && ruff check --quiet --fix .

.PHONY: lock
lock: setup ## Bring dev/requirements.txt up to date with dev/requirements.in
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header dev/requirements.in -o dev/requirements.txt

.PHONY: clean
clean: ## Remove everything that can be made again (the sandbox is stopped first)
	@test ! -x .venv/bin/python || python -m sandbox down
	@rm -rf .ansible .cache .venv .venv-oldest
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
