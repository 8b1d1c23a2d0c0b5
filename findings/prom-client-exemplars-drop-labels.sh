#!/bin/sh
# prom-client: `enableExemplars` makes `inc(labels, value)` count 1 without labels, without an error.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund prom-client@15.1.3

cat >check.cjs <<'JS'
const { Counter, Registry } = require("prom-client");

const linesOf = async (enableExemplars) => {
  const registry = new Registry();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const counter = new Counter({ name: "calls", help: "Calls.", labelNames: ["method"], registers: [registry], enableExemplars });
  counter.inc({ method: "GET" }, 5);
  return (await registry.metrics()).split("\n").filter((line) => line.startsWith("calls"));
};

(async () => {
  console.log("prom-client", require("prom-client/package.json").version);
  console.log("Expected: inc({ method: 'GET' }, 5) adds 5 to the series GET, with exemplars enabled or not: an exemplar is optional.");
  const without = await linesOf(false);
  const withExemplars = await linesOf(true);
  console.log("Seen: exemplars off:", without, "exemplars on:", withExemplars);

  const same = without.join() === 'calls_total{method="GET"} 5' && withExemplars.join() === "calls_total 1";
  console.log(same ? "With exemplars on, the labels and the value are both ignored." : "CHANGED");
  process.exit(same ? 0 : 1);
})();
JS
node check.cjs
