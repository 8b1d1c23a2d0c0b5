#!/usr/bin/env node
import { CommanderError } from 'commander';
import { terminalOutput } from './cli/output.js';
import { commandsFor, createProgram } from './cli/program.js';
import { readEnvironment } from './config/environment.js';

const program = createProgram(
  readEnvironment(process.env),
  terminalOutput(process, process.env),
  (code) => process.exit(code),
  commandsFor(process.argv[2]),
);
// With `--json`, errors of the command line are JSON, too.
if (process.argv.includes('--json')) {
  const outputError = (text: string): void => {
    const error = text.replace(/^error: /, '').split('\n')[0];
    process.stdout.write(`${JSON.stringify({ error })}\n`);
  };
  for (const command of [program, ...program.commands]) {
    command.showHelpAfterError(false).configureOutput({ outputError });
  }
}
// No top-level await, because the bundle's format does not support it.
program.parseAsync().catch((error: unknown) => {
  // Commander has printed the message; a request for help is not a failure.
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode;
});
