# The one entry. Each target makes what it needs below .cache; nothing is installed outside the checkout.
# Needed beforehand: Python >= 3.10, git, make, and the package index.

SHELL := /bin/sh
.DEFAULT_GOAL := help
# Compiled files stay out of the checkout, and are kept whatever the shell says: without them every task compiles all that it imports.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.cache/pyc
export PYTHONDONTWRITEBYTECODE :=

# A usable Python of the machine; it runs the gates and makes the environments that everything else runs in.
MACHINE_PYTHON = $(shell tests/tools/find_python.sh)
# `$(call IN,tests) python ...` runs a command in the environment for tests, with the collection and prismsim at hand.
IN = bin=$$($(MACHINE_PYTHON) -m tests.tools.environments $(1)) || exit 1; \
	PATH="$$bin:$$PATH" PYTHONPATH="$(CURDIR):$(CURDIR)/.cache/collections" ANSIBLE_COLLECTIONS_PATH="$(CURDIR)/.cache/collections"
GATES = $(MACHINE_PYTHON) -m tests.tools.gates

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: test test-quick
test: ## Everything that CI runs
	@$(GATES) all
test-quick: ## Linters, types, meta-tests and units: under 3 minutes
	@$(GATES) quick

.PHONY: lint types sanity ansible-lint importer docs changelog meta units prismsim contract integration examples playbooks journeys
lint: ## ruff
types: ## mypy --strict on module_utils and prismsim
sanity: ## ansible-test sanity on the oldest and the newest ansible-core
ansible-lint: ## ansible-lint, profile production
importer: ## galaxy-importer on the built artefact
docs: ## antsibull-docs on the plugins' documentation
changelog: ## antsibull-changelog on the fragments
meta: ## Tests on the tree itself: layers, action group, documentation
units: ## Tests of the pure parts
prismsim: ## The simulator's own tests
contract: ## The vendor's SDKs against the simulator
integration: ## The modules and roles against the simulator
examples: ## The EXAMPLES of every module, as they stand
playbooks: ## The playbooks as people and AWX run them
journeys: ## The molecule scenarios
lint types sanity ansible-lint importer docs changelog meta units prismsim contract integration examples playbooks journeys:
	@$(GATES) $@

.PHONY: demo demo-shell bench chaos
demo: ## The journeys on two simulated Prism Centrals, in the terminal and in demo-output
	@$(call IN,tests) python tests/demo/run.py
demo-shell: ## The same, and the simulator stays up for exploring
	@$(call IN,tests) python tests/demo/run.py --keep
bench: ## Calls, ratios and times at scale
	@$(call IN,tests) python tests/bench/run.py
chaos: ## Kill a replication and each journey at every single write, give the same command again
	@$(call IN,tests) python tests/chaos/run.py

.PHONY: action-group release-notes
action-group: ## Write the list of modules to meta/runtime.yml
	@$(call IN,checks) python -m tests.tools.release_notes --group
release-notes: ## Write the action group, CHANGELOG.rst and changelogs/changelog.yaml
	@$(call IN,checks) python -m tests.tools.release_notes

.PHONY: clean
clean: ## Remove what the other targets made
	rm -rf .cache demo-output tests/output
