#!/bin/sh
# Node.js with NODE_USE_ENV_PROXY: fetch() and http.get() of one process read the same NO_PROXY differently.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit --foreground-scripts node@26.10.0 >/dev/null

cat >client.mjs <<'JS'
import http from 'node:http';

const url = process.argv[2];
const direct = (error) => (error?.code === 'ENOTFOUND' || error?.code === 'EAI_AGAIN' ? 'direct' : String(error));
const byFetch = await fetch(url).then((answer) => answer.text(), (error) => direct(error.cause));
const byHttp = await new Promise((resolve) => {
  http
    .get(url, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += part)).on('end', () => resolve(text));
    })
    .on('error', (error) => resolve(direct(error)));
});
console.log(`${byFetch} ${byHttp}`);
JS

cat >check.mjs <<'JS'
import { execFile } from 'node:child_process';
import http from 'node:http';
import { promisify } from 'node:util';

const target = http.createServer((_, answer) => answer.end('direct'));
const proxy = http.createServer((_, answer) => answer.end('proxied'));
proxy.on('connect', (_, socket) => {
  socket.write('HTTP/1.1 200 OK\r\n\r\n');
  socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nproxied'));
});
for (const server of [target, proxy]) await new Promise((done) => server.listen(0, '127.0.0.1', done));
const HTTP_PROXY = `http://127.0.0.1:${proxy.address().port}`;
const local = `http://127.0.0.1:${target.address().port}/`;

console.log('Node.js', process.version);
console.log('Expected: whatever NO_PROXY means, fetch() and http.get() of the same process agree about it.');
let changed = false;
for (const [meaning, noProxy, url, expected] of [
  ['a domain, for a host in it', 'studio.invalid', 'http://api.studio.invalid/', 'direct proxied'],
  ['the same with a dot in front', '.studio.invalid', 'http://api.studio.invalid/', 'direct direct'],
  ['a range of addresses', '127.0.0.1-127.0.0.9', local, 'proxied direct'],
  ['a list that is separated by blanks', '127.0.0.1 studio.invalid', local, 'direct proxied'],
]) {
  const env = { ...process.env, NODE_USE_ENV_PROXY: '1', HTTP_PROXY, NO_PROXY: noProxy, no_proxy: noProxy, http_proxy: HTTP_PROXY };
  const { stdout } = await promisify(execFile)(process.execPath, ['client.mjs', url], { env });
  const [byFetch, byHttp] = stdout.trim().split(' ');
  console.log(`Seen: NO_PROXY="${noProxy}" (${meaning}): fetch is ${byFetch}, http.get is ${byHttp}`);
  if (stdout.trim() !== expected) changed = true;
}
target.close();
proxy.close();
console.log(
  changed
    ? 'CHANGED'
    : 'Only a domain with a dot in front means the same to both: a domain without it and blanks are taken by fetch alone, a range by http alone.',
);
process.exit(changed ? 1 : 0);
JS
node_modules/.bin/node check.mjs
