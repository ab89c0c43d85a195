# The commands of kyc-vision. `make demo` and `make test` do all set-up themselves; `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK_STAMP := $(VENV)/.locked-$(shell cat requirements*.lock 2>/dev/null | sha256sum | cut -c1-16)
WEIGHTS_STAMP := models/derived/.folded

.PHONY: help setup demo test check bench soak serve lock gallery clean
help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

lock: ## compile pyproject.toml into requirements*.lock (needs uv; exact versions, hashes, no addresses)
	PIP_CONFIG_FILE=/dev/null uv pip compile pyproject.toml --extra weights --extra dev --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -o requirements.lock
	printf 'setuptools<81\nwheel\n' | PIP_CONFIG_FILE=/dev/null uv pip compile - --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -o requirements-build.lock
