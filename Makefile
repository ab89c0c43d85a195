# The commands of kyc-vision. `make demo` and `make test` do all set-up themselves; `make help` lists the rest.
# Set-up happens once: stamp files carry the digest of what they were made from. Needs GNU make.
.DEFAULT_GOAL := help
.ONESHELL:
.SHELLFLAGS := -ec
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
BIN := .venv/bin
DIGEST = $(shell ( $(1) ) 2>/dev/null | sha256sum | cut -c1-16)
READY := .venv/.ready-$(call DIGEST,cat requirements-build.lock requirements.lock; $(PYTHON) -V)
WEIGHTS := models/derived/.folded-$(call DIGEST,cat models/manifest.toml)

.PHONY: help setup demo test check lint bench soak serve gallery locator readers fraud lock clean
help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(WEIGHTS) ## set up, start the service, judge the gallery over HTTP, print one table
	@$(BIN)/python -m samples.demo

test: $(WEIGHTS) ## set up, then every test
	@$(BIN)/python -m pytest

check: lint ## format, lint, types and the quick tests
	@$(BIN)/python -m pytest -m "not weights and not server"

lint: $(READY) ## format, lint and types only
	@$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

serve: $(WEIGHTS) ## the service on http://127.0.0.1:8000, described at /docs
	@exec $(BIN)/python -m api

bench: $(WEIGHTS) ## latency per stage and memory over the gallery; others: make bench NAME="accuracy --labels …"
	@$(BIN)/python -m benchmarks $(or $(NAME),latency)

soak: $(WEIGHTS) ## 2,000 verifications against a real server: memory and errors (about an hour)
	@$(BIN)/python -m benchmarks.soak

gallery: $(READY) ## make the committed sample selfies again
	@$(BIN)/python -m samples gallery

# What the committed weights were trained on: see training/locator/README.md. Each step goes on where it stopped.
SHARED ?= ../shared
LOCATOR_MIX := genuine=45,bw_copy=4,colour_copy=4,card_on_phone=4,card_on_monitor=4,selfie_on_screen=3,selfie_print=3,cut_off=6,finger_on_nik=3,finger_on_portrait=3,other_document=9,no_card=9,no_face=2,illegible=1
locator: $(WEIGHTS) ## train models/locator.onnx again: make locator [SHARED=../shared] [N=3000] [MINUTES=60] (hours; PyTorch in var/torch)
	@[ -d $(SHARED)/faces/london_dev ] || { echo "$(SHARED)/faces/london_dev is absent: say where the shared folder is: make locator SHARED=DIR" >&2; exit 1; }
	$(BIN)/python -m samples make --n $(or $(N),3000) --seed 4001 --megapixels 0.9 --workers 2 --mix $(LOCATOR_MIX) --out var/train_a \
	  --faces $(SHARED)/faces/london_dev --backgrounds $(SHARED)/backgrounds --hands $(SHARED)/hands
	$(BIN)/python -m samples pool --set var/train_a --out var/pool_a
	$(BIN)/python -m samples make --n 12 --seed 7 --megapixels 0.9 --out var/train_reference
	$(BIN)/python -m samples pool --set var/train_reference --out var/pool_reference
	[ -x var/torch/bin/python ] || { $(PYTHON) -m venv var/torch && var/torch/bin/pip install -q -r training/locator/requirements.txt; }
	var/torch/bin/python -m training.locator.train --pool var/pool_a --out training/locator/run --minutes $(or $(MINUTES),60) --seed 1
	var/torch/bin/python -m training.locator.export --run training/locator/run --out models/locator.onnx --reference var/pool_reference

readers: $(READY) ## train models/nik_reader.onnx and row_reader.onnx again: make readers [NIK_MINUTES=17] [ROW_MINUTES=82] (PyTorch in var/torch)
	@[ -x var/torch/bin/python ] || { $(PYTHON) -m venv var/torch && var/torch/bin/pip install -q -r training/locator/requirements.txt; }
	var/torch/bin/python -m training.ctc.train nik --out training/nik/run --minutes $(or $(NIK_MINUTES),17) --seed 1
	var/torch/bin/python -m training.ctc.export nik --run training/nik/run --out models/nik_reader.onnx
	var/torch/bin/python -m training.ctc.train rows --out training/rows/run --minutes $(or $(ROW_MINUTES),82) --seed 1
	var/torch/bin/python -m training.ctc.export rows --run training/rows/run --out models/row_reader.onnx
	echo "now write the digests (sha256sum models/*_reader.onnx) into models/manifest.toml and run: make bench NAME=calibrate_reading"

FRAUD_MIX := genuine=36,colour_copy=6,bw_copy=4,card_on_phone=6,card_on_monitor=6,selfie_on_screen=6,selfie_print=6,cut_out_face=6,portrait_pasted=7,edited_name=5,edited_nik=4,pasted_card=6,card_face_as_selfie=5
REPORT_MIX := genuine=12,impostor=8,nik_contradiction=8,other_document=8,bw_copy=8,card_on_phone=5,card_on_monitor=5,colour_copy=5,selfie_on_screen=5,selfie_print=5,cut_out_face=5,portrait_pasted=5,edited_name=5,edited_nik=5,pasted_card=5,card_face_as_selfie=5,two_people=1
OTHER_MIX := colour_copy=9,bw_copy=6,card_on_phone=8,card_on_monitor=8,selfie_on_screen=9,selfie_print=9,cut_out_face=9,portrait_pasted=9,edited_name=9,edited_nik=8,pasted_card=8,card_face_as_selfie=8

fraud: $(WEIGHTS) ## fit attacks and confidence, choose the threshold, report: make fraud [SHARED=../shared] [FRAUD=0.035] (hours; resumable)
	@[ -d $(SHARED)/faces/london_dev ] || { echo "$(SHARED)/faces/london_dev is absent: say where the shared folder is: make fraud SHARED=DIR" >&2; exit 1; }
	export OMP_NUM_THREADS=1
	$(BIN)/python -m benchmarks.people --faces $(SHARED)/faces/london_dev --out var/people
	set_of() { $(BIN)/python -m samples make --workers 2 --backgrounds $(SHARED)/backgrounds --hands $(SHARED)/hands "$$@"; }
	set_of --n 1100 --seed 6001 --faces var/people/dev --mix $(FRAUD_MIX) --out var/fraud_dev
	set_of --n 300 --seed 6101 --faces var/people/dev --mix $(OTHER_MIX) --variant other --out var/variant_dev
	set_of --n 4000 --seed 9101 --faces var/people/report --mix $(REPORT_MIX) --out var/fraud_report
	set_of --n 240 --seed 9201 --faces var/people/report --mix $(OTHER_MIX) --variant other --out var/variant_report
	for set in fraud_dev variant_dev fraud_report variant_report; do $(BIN)/python -m benchmarks.scores --labels var/$$set --out var/scores_$$set.jsonl; done
	for folder in faces/london_dev faces/lfw_dev backgrounds; do $(BIN)/python -m benchmarks.scores --photographs $(SHARED)/$$folder --limit 600 --out var/scores_photos.jsonl; done
	$(BIN)/python -m benchmarks.calibrate_attacks --scores var/scores_fraud_dev.jsonl --variant var/scores_variant_dev.jsonl --photographs var/scores_photos.jsonl
	$(BIN)/python -m benchmarks.thresholds --scores var/scores_fraud_dev.jsonl --variant var/scores_variant_dev.jsonl --photographs var/scores_photos.jsonl --fraud $(or $(FRAUD),0.035) || true
	$(BIN)/python -m benchmarks.fraud --scores var/scores_fraud_report.jsonl --fitted var/scores_fraud_dev.jsonl --chosen-by var/scores_variant_dev.jsonl \
	  --variant var/scores_variant_report.jsonl --photographs var/scores_photos.jsonl --out benchmarks/results/fraud.json --page docs/fraud.md

setup: $(READY) ## everything that demo and test need; checks and prepares the weights again
	@$(FOLD)

lock: ## compile pyproject.toml into requirements*.lock (needs uv; exact versions, hashes, no addresses)
	@export PIP_CONFIG_FILE=/dev/null
	uv pip compile pyproject.toml --extra weights --extra dev --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -o requirements.lock
	printf 'setuptools<81\nwheel\n' | uv pip compile - --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -o requirements-build.lock

clean: ## remove what set-up and the tools made; var/ (the database) stays
	@rm -rf .venv models/derived build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find kyc_vision api samples benchmarks training tests -name __pycache__ -prune -exec rm -rf {} +

# --- set-up ---------------------------------------------------------------------------------------------------

define FOLD
$(BIN)/python -m kyc_vision.fold
rm -f models/derived/.folded-*
touch $(WEIGHTS)
endef

$(WEIGHTS): | $(READY)
	@$(FOLD)

# A changed lock installs only what changed; a changed Python makes .venv anew.
# What Debian packages are for: python3-venv makes .venv; tesseract-ocr and -ind are the second reader (without it
# its check says not_executed); the fonts print sample cards (needed by tests and `make gallery`, not by the demo);
# libgl1 and libglib2.0-0 are what OpenCV's wheel leaves to the system. Each is installed only where a trial fails.
$(READY):
	@say() { echo "set-up: $$*"; }
	fail() { echo "set-up: $$*" >&2; exit 1; }
	debian() {  # install packages, saying which; where that cannot be done, say what to type and return 1
	  say "missing, installing by apt-get: $$*"
	  if [ "$$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi
	  if command -v apt-get >/dev/null && command -v $${as_root:-env} >/dev/null && $$as_root apt-get update -qq &&
	    $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$$@" >/dev/null
	  then return 0; fi
	  echo "set-up: that did not work: root, sudo or the network is missing. Let an administrator type:" >&2
	  echo "set-up:   apt-get install $$*" >&2
	  return 1
	}
	begin=$$(date +%s)
	command -v $(PYTHON) >/dev/null || fail "$(PYTHON) is not there: install Python 3.11 or newer, or say which: make PYTHON=/path/to/python"
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
	  fail "$$($(PYTHON) -V) is too old: 3.11 or newer is needed. Another one is chosen by: make PYTHON=/path/to/python"

	missing=
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || missing="$$missing python3-venv"
	command -v tesseract >/dev/null || missing="$$missing tesseract-ocr"
	tesseract --list-langs 2>/dev/null | grep -qx ind || missing="$$missing tesseract-ocr-ind"
	fonts=/usr/share/fonts/truetype
	[ -e $$fonts/ocr-a/OCRA.ttf ] || missing="$$missing fonts-ocr-a"
	[ -e $$fonts/liberation/LiberationSans-Bold.ttf ] || missing="$$missing fonts-liberation"
	[ -z "$$missing" ] || debian $$missing || say "going on: the demo can do without all of them but python3-venv"

	say "$$($(PYTHON) -V), virtual environment .venv"
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || fail "$(PYTHON) cannot make a virtual environment: install python3-venv"
	rm -f .venv/.ready-*
	{ [ "$$($(BIN)/python -V)" = "$$($(PYTHON) -V)" ] && $(BIN)/python -m pip -V; } >/dev/null 2>&1 ||
	  $(PYTHON) -m venv --clear .venv
	pip="$(BIN)/python -m pip install -q --disable-pip-version-check --no-input --no-deps --require-hashes"
	say "locked packages, up to 310 MB to download"
	{ $$pip -r requirements-build.lock && $$pip --use-pep517 --no-build-isolation -r requirements.lock; } ||
	  fail "the locked packages could not be installed; pip says why above. The same command starts over"
	$(BIN)/python -c 'import cv2' 2>/dev/null || debian libgl1 libglib2.0-0 || true
	$(BIN)/python -c 'import cv2' || fail "OpenCV cannot be loaded: the line above names the library that is missing"
	touch $@
	say "done in $$(($$(date +%s) - begin)) s; not needed again until the locks change"
