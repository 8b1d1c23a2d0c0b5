// The arguments of a script: `--help` prints its usage; a wrong argument prints what is wrong and the usage, with exit code 64.

import { parseArgs } from 'node:util';

/**
 * @template {import('node:util').ParseArgsOptionsConfig} T
 * @param {string} usage how the script is called, and what it does
 * @param {T} options as in `parseArgs`
 * @param {boolean} [allowPositionals]
 */
export function argumentsOf(usage, options, allowPositionals = false) {
  try {
    const { values, positionals } = parseArgs({
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals,
    });
    if (values['help'] !== true) return { values, positionals };
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}\n`);
    process.exit(64);
  }
}
