# Every task has one name here. `make` alone lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run build test reference format lint bench fuzz toolchain build-packages test-packages bench-packages \
  tester

# Debian packages. The build links libldns, libsqlite3, libunbound and zlib; the tests drive the real programs.
BUILD_PACKAGES := libldns-dev libsqlite3-dev libunbound-dev pkg-config zlib1g-dev
TEST_PACKAGES := bind9-dnsutils busybox-static curl dnsmasq-base docker.io haproxy iproute2 iptables knot nginx-light \
  nsd prometheus python3-consul python3-venv unbound
BENCH_PACKAGES := busybox-static docker.io gdb iproute2 knot nsd

# Targets may import only what Package.swift says they depend on: it keeps the parts apart.
CHECKED := --explicit-target-dependency-import-check error
RELEASE := --configuration release --static-swift-stdlib --product berth
SWIFT := Package.swift Sources Tests Fuzz

help: ## List these tasks
	@[ -t 1 ] && bold=$$'\e[36m' plain=$$'\e[0m' || bold='' plain=''; \
	awk -F ':.*## ' -v bold="$$bold" -v plain="$$plain" \
	  '/^[a-z]+:.*## / { printf "  %smake %-9s%s %s\n", bold, $$1, plain, $$2 }' Makefile

run: build ## Build, then start Berth with its defaults and no config file
	exec .build/release/berth serve

build: toolchain build-packages ## Build the release binary, .build/release/berth
	swift build $(RELEASE) $(CHECKED)

test: toolchain build-packages test-packages tester ## Build and run every test, those with real dockerd, nginx and dig included
	swift build --build-tests $(CHECKED)
	# One at a time: side by side they starve each other's deadlines on a small machine.
	scripts/failures-last scripts/isolated swift test --skip-build --no-parallel --skip EndToEndTests
	scripts/failures-last scripts/isolated swift test --skip-build --filter EndToEndTests

reference: toolchain build-packages ## Write docs/api.md anew, from the API's description
	swift build --product berth
	.build/debug/berth openapi --markdown > docs/api.md

format: toolchain ## Format every Swift file
	swift format --in-place --parallel --recursive $(SWIFT)

lint: toolchain ## Fail on any formatting difference or style fault
	scripts/check-format $(SWIFT)

bench: build bench-packages ## Measure Berth beside its peers; CONSUL=PROGRAM adds that one
	Benchmarks/run $(if $(CONSUL),--consul $(CONSUL))

# Each target for so long; what is found lands beside the working corpus as crash-*.
FUZZ_TARGETS := packet signed framing transfer zone
FUZZ_SECONDS := 60

fuzz: toolchain build-packages ## Throw random input at the parsers, each for FUZZ_SECONDS
	BERTH_FUZZ=1 swift build --scratch-path .build/fuzz --sanitize fuzzer --product fuzz
	for target in $(FUZZ_TARGETS); do \
	  mkdir -p .build/fuzz/corpus/$$target && FUZZ_TARGET=$$target .build/fuzz/debug/fuzz -max_total_time=$(FUZZ_SECONDS) \
	    -timeout=10 -artifact_prefix=.build/fuzz/corpus/$$target- .build/fuzz/corpus/$$target Fuzz/corpus/$$target || exit 1; \
	done

toolchain:
	@command -v swift > /dev/null || { \
	  echo "Swift is not on PATH. Berth needs Swift 6.2 or later: https://www.swift.org/install/linux/" >&2; exit 1; }

build-packages:
	@scripts/install-missing $(BUILD_PACKAGES)

test-packages:
	@scripts/install-missing $(TEST_PACKAGES)

tester: test-packages
	@scripts/python-environment .build/schemathesis Tests/OpenAPI/requirements.txt

bench-packages:
	@scripts/install-missing $(BENCH_PACKAGES)
