# Keepwell: the commands. Each installs what it needs by itself, says what it does, and how long that took.
#
#   make run     build, and serve http://127.0.0.1:3000 on ./data, with demo data at the first start
#   make test    everything CI runs: format, lints, unit, database, server and browser tests
#   make check   the quick part of it: format, lints, tidiness
#   make dev     build on every change and reload the page
#   make demo    a fresh portfolio of made-up customers (ACCOUNTS=200), apart from ./data
#   make bench   the figures of docs/performance.md, measured here
#   make lab     a model of a table of yours (FILE=table.csv OUTCOME=Churn=Yes ID=customerID), with limits if wanted
#   make office  opens what leaves as a file in LibreOffice and compares every cell
#   make paper   compares the charts of the screen with those of paper, as pictures
#   make e2e     the browser tests alone (ARGS="accounts.spec.ts --headed" is passed on to Playwright)
#   make setup   only install what is missing
#   make clean   remove what was built here; installed tools stay

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help run test check dev demo bench lab office paper e2e lighthouse icons setup setup-build setup-test setup-dev build fmt lint \
  lint-server lint-browser tidy unit clean

STEP := tools/step
ACCOUNTS ?= 200
ARGS ?=
# RUSTFLAGS in the environment would silently replace the flags of .cargo/config.toml and rebuild everything.
unexport RUSTFLAGS
# The compiler asks for large pages: in virtual machines, where small ones are dear, builds end much sooner.
export MALLOC_CONF ?= thp:always,metadata_thp:auto
export PATH := $(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

help:
	@sed -n 's/^#   //p' Makefile

# --- the product ---------------------------------------------------------------------------------------------------

# The binary finds target/site and hash.txt by itself; every setting is in `keepwell serve --help`.
run: setup-build build
	@printf '==> Serving; stop with Ctrl-C\n'
	@exec target/release/keepwell serve --demo-if-empty

demo: setup-build build
	@printf '==> A fresh portfolio of $(ACCOUNTS) accounts; stop with Ctrl-C\n'
	@exec tools/demo.sh $(ACCOUNTS)

dev: setup-build setup-dev
	@exec tools/dev.sh

bench: setup-build build
	@$(STEP) "Measuring" target/release/keepwell bench

# AUC, FOLDS and BRIER are limits: make lab FILE=… OUTCOME=… AUC=0.835 FOLDS=0.842 BRIER=0.14
lab: setup-build build
	@$(STEP) --last "A model of $(FILE)" tools/lab.sh "$(FILE)" "$(OUTCOME)" "$(ID)" "$(AUC)" "$(FOLDS)" "$(BRIER)"

# --- tests, cheap ones first -----------------------------------------------------------------------------------------

test: setup fmt unit lint-browser build
	@$(STEP) --last "Browser tests of the release build" tools/test.sh env -C end2end playwright test $(ARGS)

e2e: setup build
	@$(STEP) --last "Browser tests of the release build" tools/test.sh env -C end2end playwright test $(ARGS)

check: setup-build fmt lint tidy

fmt:
	@$(STEP) "Format" cargo fmt --all --check

lint: lint-server lint-browser

# Never --workspace: the pages have one half for the server and one for the browser, which exclude each other.
lint-server:
	@$(STEP) "Lints, server side" cargo clippy -p domain -p db -p server -p bundle --all-targets -- -D warnings

lint-browser:
	@$(STEP) "Lints, browser side" cargo clippy -p frontend --target wasm32-unknown-unknown -- -D warnings

# The rules of the house that a compiler does not hold: who may depend on whom, sizes, forbidden words.
tidy:
	@$(STEP) "Tidiness" cargo test -p server --test it tidy

# One call for all, compiled once, and with the lints of the server side at the same time.
UNIT := tools/linted.sh cargo test -p domain -p db -p app -p server -p bundle
unit:
	@$(STEP) "Lints of the server side, and the programs of its tests" $(UNIT) --no-run --quiet
	@$(STEP) "The browser's scores are the server's" tools/golden.sh
	@$(STEP) "Tests of the rules, the database on every engine, and the server" tools/test.sh $(UNIT) -- --quiet

# --- setup and build -------------------------------------------------------------------------------------------------

setup: setup-build setup-test

setup-build:
	@$(STEP) "Rust" tools/setup-rust.sh
	@$(STEP) "npm packages" tools/setup-node.sh

setup-test:
	@$(STEP) "Chromium for the browser tests" tools/setup-chromium.sh
	@$(STEP) "PostgreSQL for the database tests" tools/setup-postgres.sh

setup-dev:
	@$(STEP) "wasm-bindgen" tools/setup-wasm-bindgen.sh
	@$(STEP) "cargo-leptos" tools/setup-cargo-leptos.sh

build:
	@$(STEP) "Release build" tools/build.sh

clean:
	@$(STEP) "Removing what was built" rm -rf target end2end/node_modules end2end/test-results end2end/shots

# --- now and then ----------------------------------------------------------------------------------------------------

# Draws the PNG icons of public/ anew from favicon.svg.
icons: setup-build setup-test
	@$(STEP) "Icons" tools/test.sh node tools/icons/draw.mjs

office: setup-build build
	@$(STEP) "LibreOffice" tools/setup-office.sh
	@$(STEP) --last "What leaves, opened in LibreOffice" node tools/office.mjs target/release/keepwell

paper: setup-build setup-test
	@$(STEP) "Poppler" tools/setup-paper.sh
	@$(STEP) "Charts of the screen and of paper" env KEEPWELL_PAPER_OUT=$(CURDIR)/target/paper $(UNIT) --lib -- --quiet pictures_for_comparison
	@$(STEP) --last "Compared as pictures" tools/test.sh node tools/paper.mjs target/paper

# Lighthouse against a running Keepwell: make lighthouse ARGS=http://127.0.0.1:3000/sign-in
lighthouse: setup-test
	@$(STEP) "Lighthouse" tools/test.sh tools/lighthouse.sh $(ARGS)
