# Every way to run, check and measure gw. `make run` and `make test` need only Node, npm and, for tools that are
# missing, apt. Variables: ENGINE=uws|http1 and ALL=1 (conformance), ARGS='...' (passed on to bench, conformance, soak,
# faults and fuzz), CONFORMANCE=DIR.

SHELL := /bin/sh
.DEFAULT_GOAL := build

GW := node dist/src/cli/main.js
# The echo target that kong.yml.example sends its requests to.
ECHO := 127.0.0.1:9080
# What the tests run besides Node: servers and clients of others that the gateway has to get on with.
TEST_PROGRAMS := redis-server openssl curl nginx haproxy slapd ab=apache2-utils \
	/usr/lib/nginx/modules/ngx_stream_module.so=libnginx-mod-stream
# Whose cases `make conformance` runs.
ENGINE ?= uws
# Where `make conformance-update` finds newer recordings.
CONFORMANCE ?= ../shared/conformance

.PHONY: run compile build fmt check test e2e conformance conformance-update conformance-update-passing bench bench-router bench-summary soak faults fuzz schemas clean

# npm's own record of what it has installed, so that nothing is installed twice. Through a link, npm ci would empty the
# folder behind it, which others may be using.
node_modules/.package-lock.json: package-lock.json
	@test ! -L node_modules || { echo 'node_modules is a link: run npm ci where it points' >&2; exit 1; }
	npm ci
	@touch $@

compile: node_modules/.package-lock.json
	npx tsc -p tsconfig.json

# After compiling, what follows from the schemas (validators in dist, and schemas/kong.schema.json), and the bundle that
# the commands run from.
build: compile
	node dist/schemas/publish.js
	node dist/deploy/bundle.js

# Starts the gateway on kong.yml.example with an echo target behind it.
run: build
	@echo 'Once the gateway listens, try in another terminal:'
	@sed -n 's/^# *\(curl .*\)/    \1/p' kong.yml.example
	@exec $(GW) start kong.yml.example --echo $(ECHO)

fmt: node_modules/.package-lock.json
	npx prettier --write --log-level warn .

# Format, lint, types, and whether schemas/kong.schema.json is fresh; no tests.
check: compile
	npx prettier --check .
	npx eslint .
	node dist/schemas/publish.js --check

# Everything; the last line is `N passed, N failed`. What .ci/run calls.
test: node_modules/.package-lock.json
	@sh test/support/apt-install.sh $(TEST_PROGRAMS)
	@npx jiti test/run.ts

e2e: node_modules/.package-lock.json
	@sh test/support/apt-install.sh $(TEST_PROGRAMS)
	@npx jiti test/run.ts e2e

# The recorded exchanges of Kong 3.9 on an engine: those listed as passing, or all with ALL=1.
conformance: build
	@sh test/support/apt-install.sh redis-server
	@node dist/test/conformance/run.js --engine $(ENGINE) $(if $(ALL),--all) $(ARGS)

# Adds to the engine's list what passes; takes nothing out.
conformance-update-passing: build
	@sh test/support/apt-install.sh redis-server
	@node dist/test/conformance/run.js --engine $(ENGINE) --write

# Replaces the project's copy of the recordings by newer ones.
conformance-update:
	test -f $(CONFORMANCE)/run.mjs
	rm -rf test/conformance/kong
	cp -R $(CONFORMANCE) test/conformance/kong
	chmod -R u+w test/conformance/kong

# CPU per request against nginx in the same run; new TLS connections; idle connections; start-up time and memory; clients
# that leave in the middle. `make bench-summary` prints the figures again, as tables.
bench: build
	@sh test/support/apt-install.sh nginx wrk redis-server
	@node dist/test/bench/bench.js --engine both $(ARGS)
	@node dist/test/bench/handshakes.js
	@node dist/test/bench/idle.js
	@node dist/test/bench/startup.js
	@node dist/test/bench/redis-latency.js
	@node dist/test/bench/credentials.js
	@node dist/test/bench/abort.js
	@node --expose-gc dist/test/bench/router.js
	@node dist/test/bench/summary.js

# Time of a look-up, time to build and memory of the router, for up to 100,000 routes.
bench-router: compile
	@node --expose-gc dist/test/bench/router.js
	@node dist/test/bench/summary.js

# A minute of traffic with reloads and a death in between, then a thousand reloads: ARGS='--seconds 20 --many 100'.
soak: build
	@sh test/support/apt-install.sh nginx
	@node dist/test/soak/soak.js $(ARGS)

# What a dead or slow target costs the other services, and its own requests: ARGS='--rounds 10 --workers 1'.
faults: build
	@sh test/support/apt-install.sh nginx
	@node dist/test/soak/faults.js $(ARGS)

bench-summary: compile
	@node dist/test/bench/summary.js

# The parser of requests against Node's, on a million mangled requests: ARGS='--count 10000000 --seed 2'.
fuzz: build
	@node dist/test/fuzz/requests.js $(ARGS)

schemas: build

clean:
	rm -rf dist
