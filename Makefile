# What each target does: `make help`. Nothing is needed before but the .NET 10 SDK.
CONFIGURATION ?= Release
RESULTS := artifacts/test-results

# Build servers would outlive make; CI machines and laptops are better off without.
export MSBUILDDISABLENODEREUSE := 1
export DOTNET_CLI_USE_MSBUILD_SERVER := 0
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

BUILD := dotnet build proxy.sln -c $(CONFIGURATION) -m:2 -p:UseSharedCompilation=false -v quiet
BENCH_PROGRAM := dotnet bench/bin/$(CONFIGURATION)/net10.0/bench.dll
TEST := CONFIGURATION=$(CONFIGURATION) scripts/test.sh

# Attack corpora are kept apart from the project.
LEAKS_CORPUS := ../shared/leaks
# Two of five of its cases; all of its controls run always.
LEAKS_SAMPLE := ^[0-9]*[17]-

.PHONY: help deps npm build test demo run bench leaks check prove fmt clean

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

deps: ## installs what is missing for tests, demo and benchmark (apt-get, npm), or says what to install
	@scripts/deps.sh all

npm:
	@scripts/deps.sh npm

build: npm ## compiles everything
	$(BUILD)

test: deps build ## all tests, with the samples stated in each
	$(TEST) sample

demo: deps build ## a hospital in PostgreSQL and MariaDB, PhiGate, and clients side by side; leaves nothing running
	$(BENCH_PROGRAM) demo

run: build ## PhiGate in the foreground: make run CONFIG=directory
	dotnet run --project Proxy.Host -c $(CONFIGURATION) --no-build -- run --config "$(or $(CONFIG),config/sample)"

bench: deps build ## direct, haproxy, pgbouncer and PhiGate in one run, both protocols; BENCH=load|memory|stream|catalogue|decisions|revocation|evidence|micro for a part
	$(BENCH_PROGRAM) $(or $(BENCH),all)

leaks: deps build ## attacks on masking, from a folder: make leaks CORPUS=directory ENGINE=pg|mysql [POLICY=strict|lookup] [ONLY=regex]
	@$(BENCH_PROGRAM) leaks "$(or $(CORPUS),$(LEAKS_CORPUS))" "$(or $(ENGINE),pg)" "$(or $(POLICY),strict)" "$(ONLY)"

check: deps build ## what CI runs: format, the demo, then all tests with their samples; under 20 minutes
	dotnet format proxy.sln --no-restore --verify-no-changes
	$(BENCH_PROGRAM) demo
	$(TEST) sample
	@scripts/leaks.sh "$(LEAKS_CORPUS)" '$(LEAKS_SAMPLE)'

prove: deps build ## every suite at full size; writes PROOF.md
	@status=0; $(TEST) full || status=$$?; scripts/proof.sh; exit $$status
	@scripts/leaks.sh "$(LEAKS_CORPUS)"

fmt: npm ## formats the code
	dotnet format proxy.sln

clean: ## removes everything that was built
	rm -rf artifacts */bin */obj
