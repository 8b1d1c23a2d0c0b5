#!/usr/bin/env node
import { CommanderError } from 'commander';
import { terminalOutput } from './cli/output.js';
import { createProgram } from './cli/program.js';
import { readEnvironment } from './config/environment.js';

const program = createProgram(
  readEnvironment(process.env),
  terminalOutput(process.stdout, process.stderr, process.env),
  (code) => process.exit(code),
);
// A program that asked for JSON gets JSON, whatever is wrong with its command.
if (process.argv.includes('--json')) {
  const outputError = (text: string): void => {
    const error = text.replace(/^error: /, '').split('\n')[0];
    process.stdout.write(`${JSON.stringify({ error })}\n`);
  };
  for (const command of [program, ...program.commands]) {
    command.showHelpAfterError(false).configureOutput({ outputError });
  }
}
// Without a top-level await, which the bundle's form cannot have.
program.parseAsync().catch((error: unknown) => {
  // Commander has printed it already; help that was asked for is no failure.
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode;
});
