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
try {
  await program.parseAsync();
} catch (error) {
  // Commander has already told the person; help that was asked for is no failure.
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode;
}
