import type { Environment } from '../config/environment.js';
import type { Output } from './output.js';

/** What every command gets. */
export interface CommandContext {
  readonly environment: Environment;
  readonly output: Output;
  /** `--json`: answer with one JSON document. */
  readonly json: boolean;
}

/** The values of a command's own options, by their camel-case names. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** A command of the program. */
export interface CommandDefinition {
  /** Several words for a command of a group: `config check`. */
  readonly name: string;
  readonly description: string;
  /** `<appointment>`, `<appointment...>`, `[shell]`, with what it is. */
  readonly argument?: readonly [flag: string, description: string];
  /** What follows the first argument. */
  readonly furtherArgument?: readonly [flag: string, description: string];
  /** `--data <directory>`, what it does, and its default. */
  readonly options?: readonly (readonly [flags: string, description: string, byDefault?: string])[];
  /** Printed after the options by `--help`. */
  readonly help?: string;
  /** It has no `--json`. */
  readonly onlyWords?: true;
  /** Runs the command and answers the exit code. */
  readonly run: (context: CommandContext, words: readonly string[], options: OptionValues) => Promise<number>;
}

/** The value of an option that takes one; undefined when it was not given. */
export function textOption(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
