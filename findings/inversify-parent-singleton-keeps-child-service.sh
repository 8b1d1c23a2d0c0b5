#!/bin/sh
# InversifyJS 8: a singleton of the parent that is first resolved through a child container is built with the services of the child, for all.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund inversify@8.2.3 reflect-metadata@0.2.2

cat >check.mjs <<'JS'
import "reflect-metadata";
import { readFileSync } from "node:fs";
import { Container, decorate, inject, injectable } from "inversify";

class Calendar {
  constructor(store) {
    this.store = store;
  }
}
decorate(injectable(), Calendar);
decorate(inject("store"), Calendar, 0);

/** The store of the parent's calendar, when the containers are asked in the given order. */
const storeOf = (order) => {
  const parent = new Container();
  parent.bind("store").toConstantValue("store of the service");
  parent.bind(Calendar).toSelf().inSingletonScope();
  const child = new Container({ parent });
  child.bind("store").toConstantValue("store of one test");
  const containers = { parent, child };
  return order.map((name) => `${name}: ${containers[name].get(Calendar).store}`).join(", ");
};

console.log("inversify", JSON.parse(readFileSync("node_modules/inversify/package.json", "utf8")).version);
console.log("Expected: a singleton belongs to the container that binds it, so it is built with the services of that container.");
const seen = [storeOf(["parent", "child"]), storeOf(["child", "parent"])];
console.log("Seen:", seen);

const same =
  seen[0] === "parent: store of the service, child: store of the service" && seen[1] === "child: store of one test, parent: store of one test";
console.log(same ? "Which store the whole service writes to depends on which container was asked first." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
