/** What the bundle has in place of some modules: forms that a bundler understands, and less to load at each start. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** @typedef {import('esbuild').Plugin} Plugin */

const { resolve } = createRequire(import.meta.url);

/**
 * ts-results has UMD files, whose imports a bundler cannot analyse, and modules that a bundler can load and Node cannot.
 *
 * @type {Plugin}
 */
const tsResultsAsModules = {
  name: 'ts-results-as-modules',
  setup: (host) => {
    host.onResolve({ filter: /^ts-results\/(result|option)\.js$/ }, ({ path, resolveDir, kind, pluginData }) =>
      pluginData === 'inner'
        ? undefined
        : host.resolve(path.replace('ts-results/', 'ts-results/esm/'), { resolveDir, kind, pluginData: 'inner' }),
    );
  },
};

/**
 * rxjs also has modules, which a bundler can tree-shake; its entry for Node names CommonJS files, which are included completely.
 *
 * @type {Plugin}
 */
const rxjsAsModules = {
  name: 'rxjs-as-modules',
  setup: (host) => {
    host.onResolve({ filter: /^rxjs$/ }, ({ resolveDir }) => {
      const path = createRequire(join(resolveDir, 'x')).resolve('rxjs').replace('/dist/cjs/', '/dist/esm/');
      return { path, sideEffects: false };
    });
  },
};

/** The media types that the service sends or accepts. */
const MEDIA_TYPES =
  /^(text\/(css|event-stream|html|javascript|plain)|image\/svg\+xml|application\/(json|octet-stream|x-www-form-urlencoded))$/;

/**
 * Koa's libraries contain three copies of a list of 2,500 media types, and index them at each start.
 *
 * @type {Plugin}
 */
const fewMediaTypes = {
  name: 'few-media-types',
  setup: (host) => {
    host.onLoad({ filter: /mime-db\/db\.json$/ }, async ({ path }) => {
      const all = Object.entries(JSON.parse(await readFile(path, 'utf8')));
      const contents = JSON.stringify(Object.fromEntries(all.filter(([type]) => MEDIA_TYPES.test(type))));
      return { contents, loader: 'json' };
    });
  },
};

/**
 * Finds the C library by a file. The package uses `process.report.getReport()`, which collects much more, also the host names of
 * all open connections.
 *
 * @type {Plugin}
 */
const libcByFile = {
  name: 'libc-by-file',
  setup: (host) => {
    host.onLoad({ filter: /@neon-rs\/load\/dist\/index\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replace(
        /function isGlibc\(\) \{[^]*?\n\}/,
        "function isGlibc() { return require('detect-libc').familySync() === 'glibc'; }",
      );
      if (contents === text) throw new Error(`${path} has no function isGlibc`);
      return { contents, loader: 'js' };
    });
  },
};

/**
 * Our HTTP client uses HTTP/1.1 only. Both libraries also load Node's HTTP/2 at their start.
 *
 * @type {Plugin}
 */
const withoutHttp2 = {
  name: 'without-http2',
  setup: (host) => {
    const [filter, namespace] = [/^(node:)?http2$/, 'without-http2'];
    host.onResolve({ filter }, ({ path, importer }) =>
      /\/(undici|googleapis-common)\//.test(importer) ? { path, namespace } : undefined,
    );
    host.onLoad({ filter, namespace }, () => ({ contents: 'exports.constants = {};', loader: 'js' }));
  },
};

/** Google's library loads this CommonJS module if there is a proxy. A bundled one that is loaded later has its default export only. */
const PROXY_AGENT = "(await import('https-proxy-agent'))";

/**
 * Google's library uses `Headers` and `FormData`. The globals of Node load all of its own undici: these are the same classes in the
 * undici of our HTTP client.
 *
 * @type {Plugin}
 */
const headersOfUndici = {
  name: 'headers-of-undici',
  setup: (host) => {
    const filter = /\/(adapters-google\/dist|(gaxios|google-auth-library|googleapis-common)\/build)\/.*\.js$/;
    host.onLoad({ filter }, async ({ path }) => {
      const original = await readFile(path, 'utf8');
      const text = original.replaceAll(PROXY_AGENT, `${PROXY_AGENT}.default`);
      if (path.endsWith('/gaxios.js') && text === original) throw new Error(`${path} has no ${PROXY_AGENT}`);
      const isCommon = text.startsWith('"use strict";');
      const added = ['Headers', 'FormData']
        .filter((name) => new RegExp(`\\b(new|instanceof) ${name}\\b`).test(text))
        .map((name) => {
          const file = JSON.stringify(resolve(`undici/lib/web/fetch/${name.toLowerCase()}.js`));
          return isCommon ? `const { ${name} } = require(${file});` : `import { ${name} } from ${file};`;
        })
        .join(' ');
      // On the first line, to keep the lines of its source map.
      const contents = isCommon ? text.replace('"use strict";', `$& ${added}`) : `${added} ${text}`;
      return { contents, loader: 'js' };
    });
  },
};

/**
 * Koa tests whether a body is a `Response`, which loads Node's undici at the first answer. The bodies of the service never are.
 *
 * @type {Plugin}
 */
const koaWithoutResponse = {
  name: 'koa-without-response',
  setup: (host) => {
    host.onLoad({ filter: /\/koa\/lib\/.*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replaceAll(/\b\w+ instanceof Response\b/g, 'false'), loader: 'js' };
    });
  },
};

export const PLUGINS = [
  tsResultsAsModules,
  rxjsAsModules,
  fewMediaTypes,
  libcByFile,
  withoutHttp2,
  headersOfUndici,
  koaWithoutResponse,
];
