import type { Environment } from '../config/environment.js';
import type { Output } from './output.js';

/** The context of every command. */
export interface CommandContext {
  readonly environment: Environment;
  readonly output: Output;
  /** `--json`: print one JSON document. */
  readonly json: boolean;
}

/** The values of a command's own options by their camel-case names. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** A command of the program. */
export interface CommandDefinition {
  /** Several words for a command of a group: `config check`. */
  readonly name: string;
  readonly description: string;
  /** `<appointment>`, `<appointment...>` or `[shell]`, with its description. */
  readonly argument?: readonly [flag: string, description: string];
  /** The arguments after the first one. */
  readonly furtherArgument?: readonly [flag: string, description: string];
  /** `--data <directory>`, its description and its default. */
  readonly options?: readonly (readonly [flags: string, description: string, byDefault?: string])[];
  /** Printed after the options by `--help`. */
  readonly help?: string;
  /** Without `--json`. */
  readonly onlyWords?: true;
  /** Runs the command. Returns the exit code. */
  readonly run: (context: CommandContext, words: readonly string[], options: OptionValues) => Promise<number>;
}

/** @returns the value of an option that takes one; undefined if it is not given */
export function textOption(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
