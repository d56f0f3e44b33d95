# make run    everything from a fresh clone: environment, index, web app on http://127.0.0.1:7860
# make test   everything from a fresh clone: environment, a browser, linters, all tests
# make fuzz   the property tests with new random texts, for as long as it takes
# make bench  speed and memory (of quality see benchmarks/)
# make clean  the environment and what can be made anew; what people sent (data/*.db) stays

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run test fuzz bench clean

run: .venv/run.done
	$(BIN)/python -m bot

test: .venv/dev.done chromium
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses 2 --dist loadfile

fuzz: .venv/dev.done
	$(BIN)/pytest --hypothesis-profile=fuzz -m hypothesis

bench: .venv/dev.done
	$(BIN)/python -m benchmarks

.venv/run.done: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements.txt
	touch $@

.venv/dev.done: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements-dev.txt
	touch .venv/run.done $@

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	  { echo "installing Debian's Chromium for the browser tests"; \
	    SUDO=$$(test $$(id -u) = 0 || echo sudo); \
	    $$SUDO apt-get -qq update && $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium fonts-noto-cjk >/dev/null; }

clean:
	rm -rf .venv data/index data/encoder data/vectors.sqlite*
