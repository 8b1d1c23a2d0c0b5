'use strict';
/**
 * Runs the bundle. Each chunk is compiled with V8's code cache, a file beside it. If that was made by another version
 * of Node, V8 refuses it and compiles the chunk as usual. This file is copied into the bundle.
 */
const { isAscii } = require('node:buffer');
const { readFileSync } = require('node:fs');
const { createRequire, SourceMap } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { Script } = require('node:vm');

/** Before the code of each chunk. The bundler adds it, because joining texts of megabytes takes time at each start. */
const PARAMETERS = '(function (exports, require, module, __filename, __dirname) {';

/** @type {Map<string, { exports: unknown }>} */
const loaded = new Map();
const requireFromHere = createRequire(__filename);

/** @param {string} file */
function cacheOf(file) {
  try {
    return readFileSync(`${file}.cache`);
  } catch {
    return undefined;
  }
}

/** @param {string} name Of a file of the bundle. */
function load(name) {
  const known = loaded.get(name);
  if (known) return known.exports;
  const file = path.join(__dirname, name);
  const module = {
    exports: {},
    get url() {
      return pathToFileURL(file).href;
    },
  };
  loaded.set(name, module);
  const code = readFileSync(file);
  // The bundler escapes other characters, except in regular expressions and tagged templates. Most chunks have none.
  const script = new Script(code.toString(isAscii(code) ? 'latin1' : 'utf8'), {
    filename: file,
    cachedData: cacheOf(file),
    columnOffset: -PARAMETERS.length,
  });
  script.runInThisContext()(module.exports, requireIn, module, file, __dirname);
  return module.exports;
}

/** @param {string} id */
function requireIn(id) {
  return id.startsWith('./') ? load(id.slice(2)) : requireFromHere(id);
}
requireIn.resolve = requireFromHere.resolve;

/** @typedef {{ originalSource?: string, originalLine: number, originalColumn: number, name?: string }} Origin */

/** @type {Map<string, { findEntry: (line: number, column: number) => Origin } | null>} */
const maps = new Map();

/** @param {string} file */
function mapOf(file) {
  let map = maps.get(file);
  if (map === undefined) {
    try {
      map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
    } catch {
      map = null;
    }
    maps.set(file, map);
  }
  return map;
}

/** @param {NodeJS.CallSite} frame A frame in the names of the source. */
function sourceOf(frame) {
  const file = frame.getFileName() ?? '<anonymous>';
  const line = frame.getLineNumber() ?? 1;
  const column = frame.getColumnNumber() ?? 1;
  const name = frame.getFunctionName() ?? '<anonymous>';
  // A code cache has the paths of the place where the bundle was made.
  const chunk = path.basename(file);
  const map = loaded.has(chunk) ? mapOf(path.join(__dirname, chunk)) : null;
  const entry = map?.findEntry(line - 1, column - 1);
  if (entry?.originalSource === undefined) return `${name} (${file}:${line}:${column})`;
  return `${entry.name ?? name} (${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1})`;
}

// Node maps stacks only of modules that it has loaded itself, and only with --enable-source-maps.
if (process.sourceMapsEnabled) {
  Error.prepareStackTrace = (error, frames) =>
    [String(error), ...frames.map((frame) => `    at ${sourceOf(frame)}`)].join('\n');
}

module.exports = { load, PARAMETERS };
