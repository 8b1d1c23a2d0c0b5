import { Command } from 'commander';
import type { Environment } from '../config/environment.js';
import type { CommandContext, CommandDefinition, OptionValues } from './command.js';
import { COMMANDS } from './commands.js';
import type { Output } from './output.js';
import { packageVersion } from './package-version.js';

/** The options that all commands have in common. */
const HELP = `
Commands about a running service ask its /admin: --url or LOFT_SYNC_URL is its address (default: this machine, at
PORT), and ADMIN_TOKEN is required. The others read the settings as the service does: secrets and addresses from the
environment, rules and routing from the file that --config or LOFT_SYNC_CONFIG names.

Exit codes: 0 done, 1 failed or not ready, 78 a setting is missing or wrong; 2 only for plan --exit-code. With --json
errors are JSON too, on standard output: {"error": "<sentence>"}. Colours and progress are for terminals only; NO_COLOR
turns them off. loft-sync completion <bash|zsh|fish> prints a completion script.

Examples:
  loft-sync sandbox                     try it with a simulated studio
  loft-sync config check                check the settings
  loft-sync doctor                      check the access to both sides
  loft-sync plan                        show what a sync would do
  loft-sync status                      show whether it is ready
  loft-sync activity --since 24h        list the changes since yesterday
  loft-sync find ana                    find a booking by the customer's name
  loft-sync explain 700123              show what was done to an appointment, and why
  loft-sync held                        list edits that need a decision
  loft-sync dead-letters --json         list dead letters as JSON`;

/** Creates the output of one command: with `--json` errors are JSON, with `--quiet` only errors are printed. */
function outputFor(output: Output, { json, quiet }: { readonly json: boolean; readonly quiet: boolean }): Output {
  const silent: Output = { out: () => undefined, err: (text) => output.err(text) };
  const shown: Output = quiet ? silent : output;
  return json ? { ...shown, err: (error) => output.out(JSON.stringify({ error })) } : shown;
}

/** Applies `--config` and `--url`, which override the environment. */
function environmentFor(environment: Environment, { config, url }: OptionValues): Environment {
  return {
    ...environment,
    ...(typeof config === 'string' && { LOFT_SYNC_CONFIG: config }),
    ...(typeof url === 'string' && { LOFT_SYNC_URL: url }),
  };
}

/** Finds the parent of a command: the program, or a group such as `config`. */
function parentOf(program: Command, words: readonly string[]): Command {
  const [group, command] = words;
  if (group === undefined || command === undefined) return program;
  const existing = program.commands.find((one) => one.name() === group);
  return existing ?? program.command(group).description('about the settings');
}

/** The commands that begin with this word; all of them if it is no command, for its message and for the help. */
export function commandsFor(word: string | undefined): readonly CommandDefinition[] {
  const named = COMMANDS.filter(({ name }) => name.split(' ')[0] === word);
  return named.length > 0 ? named : COMMANDS;
}

/**
 * Builds the program.
 *
 * @param end called with the exit code of the command that ran
 */
export function createProgram(
  environment: Environment,
  output: Output,
  end: (code: number) => void,
  commands: readonly CommandDefinition[] = COMMANDS,
): Command {
  const program = new Command('loft-sync')
    .description('Keeps USchedule bookings and Google Calendar aligned, both ways, for every bay')
    .showHelpAfterError('(add --help to see the usage)')
    .version(packageVersion(), '-V, --version', 'print the version')
    .option('--config <file>', 'the settings file')
    .option('--url <address>', 'address of the running service')
    .option('-q, --quiet', 'print errors only')
    .showSuggestionAfterError()
    .addHelpText('after', HELP)
    .exitOverride();
  for (const definition of commands) addCommand(program, definition);
  return program;

  function addCommand(parent: Command, definition: CommandDefinition): void {
    const words = definition.name.split(' ');
    const command = parentOf(parent, words)
      .command(words.at(-1) ?? '')
      .description(definition.description);
    if (definition.argument) command.argument(...definition.argument);
    if (definition.furtherArgument) command.argument(...definition.furtherArgument);
    const given = [definition.argument?.[0], definition.furtherArgument?.[0]].filter((one) => one !== undefined);
    command.showHelpAfterError(`(usage: ${['loft-sync', ...words, ...given].join(' ')}; add --help to see more)`);
    for (const [flags, description, byDefault] of definition.options ?? []) {
      command.option(flags, description, byDefault);
    }
    if (!definition.onlyWords) command.option('--json', 'as JSON');
    if (definition.help) command.addHelpText('after', definition.help);
    command.action(async () => {
      const options: OptionValues = command.optsWithGlobals();
      const json = options['json'] === true;
      const context: CommandContext = {
        environment: environmentFor(environment, options),
        output: outputFor(output, { json, quiet: options['quiet'] === true }),
        json,
      };
      end(await definition.run(context, command.args, options));
    });
  }
}
