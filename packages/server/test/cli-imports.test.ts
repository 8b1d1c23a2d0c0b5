import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** The packages that a built file imports at its start, directly or through other files. */
function packagesOf(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const imports = [...readFileSync(file, 'utf8').matchAll(/^(?:import|export) .*?from '(?<name>[^']+)';$/gms)];
  const names = imports.map(({ groups = {} }) => groups['name'] ?? '');
  return new Set(
    names.flatMap((name) => (name.startsWith('.') ? [...packagesOf(join(dirname(file), name), seen)] : [name])),
  );
}

describe('a command that only talks to a service', () => {
  const client = join(DIST, 'cli/client');
  for (const name of readdirSync(client).filter((file) => file.endsWith('.js'))) {
    it(`loads no engine and no validator, so that it starts quickly: ${name}`, () => {
      expect([...packagesOf(join(client, name))].filter((one) => !one.startsWith('node:'))).to.deep.equal([]);
    });
  }

  it('reads time zones without the engine, where the service is too old to send its clock', () => {
    const core = fileURLToPath(import.meta.resolve('@loft/sync-core/time-zones'));
    expect([...packagesOf(core)]).to.deep.equal([]);
  });
});
