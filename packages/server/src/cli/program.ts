import { Command } from 'commander';
import type { Environment } from '../config/environment.js';
import { EXIT } from '../process/exit-codes.js';
import { DEFAULT_EPISODE_STEPS, DEFAULT_STEPS, type SimulateOptions } from '../simulate/simulate-defaults.js';
import type { Output } from './output.js';
import { packageVersion } from './package-version.js';
import type { PlanCommandOptions } from './plan.js';

/** Runs a command with its arguments and options and answers the exit code. */
type Run = (...parameters: readonly unknown[]) => Promise<number>;

interface WithJson {
  readonly json?: boolean;
}

/** What the commands have in common. */
const HELP = `
Commands about a running service ask its /admin: LOFT_SYNC_URL says where it is (default: this machine, at PORT),
ADMIN_TOKEN opens it. The others read the settings as the service does: secrets and addresses from the environment,
rules and routing from the file LOFT_SYNC_CONFIG names.

Exit codes: 0 done, 1 failed, 78 a setting is missing or wrong; 2 only for plan --exit-code. Colours and progress are
for terminals only; NO_COLOR turns them off.

Examples:
  loft-sync sandbox                     try it, with a made-up studio
  loft-sync config check                what it makes of the settings
  loft-sync doctor                      whether both sides let it in, and what to do if not
  loft-sync plan                        what a sync would do, without doing it
  loft-sync explain 700123              what was done to an appointment, and why
  loft-sync dead-letters --json         what could not be done, for a program`;

/**
 * The commands. Each is loaded when it is called for: most need neither the engine nor the adapters.
 *
 * @param end takes the exit code of the command that ran
 */
export function createProgram(environment: Environment, output: Output, end: (code: number) => void): Command {
  const program = new Command('loft-sync')
    .description('Keeps USchedule bookings and Google Calendar aligned, both ways, for every bay')
    .showHelpAfterError('(add --help to see how it is used)')
    .version(packageVersion(), '-V, --version', 'print the version')
    .showSuggestionAfterError()
    .addHelpText('after', HELP)
    .exitOverride();
  const ending =
    (run: Run) =>
    async (...parameters: readonly unknown[]): Promise<void> =>
      end(await run(...parameters));

  program
    .command('serve')
    .description('run the service')
    .action(ending(async () => (await import('./serve.js')).serve(environment, output)));
  program
    .command('sandbox')
    .description('run the service on a made-up studio and made-up calendars; needs no account')
    .option('--data <directory>', 'keep database and log there')
    .action(
      ending(async (options) =>
        (await import('./sandbox.js')).sandbox(environment, output, options as { data?: string }),
      ),
    );
  program
    .command('checklist')
    .description('run the validation checklist for every bay, on a sandbox of its own')
    .option('--json', 'as JSON')
    .action(
      ending(async (options) =>
        (await import('./checklist.js')).checklist(output, (options as WithJson).json === true),
      ),
    );
  program
    .command('doctor')
    .description('check the access to USchedule and Google, one line each, with the cure')
    .option('--json', 'as JSON')
    .action(
      ending(async (options) =>
        (await import('./doctor.js')).doctor(environment, output, (options as WithJson).json === true),
      ),
    );
  program
    .command('plan')
    .description('show what a sync would do, as a diff, and write nothing')
    .option('--json', 'as JSON')
    .option('--empty-store', 'as if the store had been lost')
    .option('--exit-code', 'end with 2 when something would be written')
    .action(
      ending(async (options) => (await import('./plan.js')).plan(environment, output, options as PlanCommandOptions)),
    );
  program
    .command('status')
    .description('how a running service stands')
    .option('--json', 'as JSON')
    .action(
      ending(async (options) =>
        (await import('./status.js')).status(environment, output, (options as WithJson).json === true),
      ),
    );
  program
    .command('sync')
    .description('let a running service poll and sweep now')
    .option('--json', 'as JSON')
    .action(
      ending(async (options) =>
        (await import('./sync.js')).sync(environment, output, (options as WithJson).json === true),
      ),
    );
  program
    .command('explain')
    .description('what a running service did to an appointment, and why')
    .argument('<appointment>', 'its id')
    .option('--json', 'as JSON')
    .action(
      ending(async (id, options) =>
        (await import('./explain.js')).explain(environment, output, String(id), (options as WithJson).json === true),
      ),
    );
  program
    .command('dead-letters')
    .description('what a running service has parked')
    .option('--json', 'as JSON')
    .action(
      ending(async (options) =>
        (await import('./dead-letters.js')).deadLetters(environment, output, (options as WithJson).json === true),
      ),
    );
  program
    .command('replay')
    .description('let a running service try parked appointments again')
    .argument('<appointment...>', 'their ids')
    .option('--json', 'as JSON')
    .action(
      ending(async (ids, options) =>
        (await import('./replay.js')).replay(environment, output, ids as string[], (options as WithJson).json === true),
      ),
    );
  program
    .command('simulate')
    .description('run the engine on virtual time against a model studio, with random people and random faults')
    .option('--seed <number>', 'where the randomness starts (default: a fresh one, printed)')
    .option('--steps <number>', 'so many calls and acts in all', String(DEFAULT_STEPS))
    .option('--faults <kinds>', 'all, none, or kinds of faults with commas between them', 'all')
    .option(
      '--episode-steps <number>',
      'steps of one world, before the next seed starts another',
      String(DEFAULT_EPISODE_STEPS),
    )
    .option('--jobs <number>', 'worlds side by side (default: the number of cores)')
    .option('--skip <acts>', 'numbers of the acts to leave out, as --shrink prints them', '')
    .option('--trace', 'show what happened in the failing world, or in the only one')
    .option('--shrink', 'make the first failing world as small as it gets')
    .option('--json', 'as JSON')
    .action(ending(async (options) => (await import('./simulate.js')).simulate(output, options as SimulateOptions)));
  program
    .command('config')
    .description('about the settings')
    .command('check')
    .description('check environment and settings file without starting anything')
    .option('--json', 'as JSON')
    .action(
      ending(async (options) =>
        (await import('./config-check.js')).configCheck(environment, output, (options as WithJson).json === true),
      ),
    );
  program
    .command('version')
    .description('print the version')
    .option('--json', 'as JSON')
    .action(
      ending(async (options) => {
        const version = packageVersion();
        output.out((options as WithJson).json === true ? JSON.stringify({ version }) : version);
        return EXIT.ok;
      }),
    );
  return program;
}
