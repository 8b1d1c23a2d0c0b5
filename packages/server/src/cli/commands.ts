import {
  DEFAULT_EPISODE_STEPS,
  DEFAULT_STEPS,
  FAULT_HELP,
  type SimulateOptions,
} from '../simulate/simulate-defaults.js';
import { EXIT } from '../process/exit-codes.js';
import type { CommandDefinition } from './command.js';
import { textOption } from './command.js';
import { packageVersion } from './package-version.js';

/** The commands. Each loads its code when it is called: most need neither the engine nor the adapters. */
export const COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'serve',
    description: 'run the service',
    onlyWords: true,
    run: async ({ environment, output }) => (await import('./serve.js')).serve(environment, output),
  },
  {
    name: 'sandbox',
    description: 'run the service on a simulated studio and simulated calendars; needs no account',
    onlyWords: true,
    options: [['--data <directory>', 'keep database and log there']],
    run: async ({ environment, output }, _words, options) => {
      const data = textOption(options, 'data');
      return (await import('./sandbox.js')).sandbox(environment, output, data === undefined ? {} : { data });
    },
  },
  {
    name: 'checklist',
    description: 'run the validation checklist for every bay, on a sandbox of its own',
    options: [['--production', "with the known traits of the studio's own USchedule"]],
    run: async ({ output, json }, _words, { production }) =>
      (await import('./checklist.js')).checklist(output, { json, production: production === true }),
  },
  {
    name: 'doctor',
    description: 'check the access to USchedule and Google, with a remedy for each fault',
    run: async ({ environment, output, json }) => (await import('./doctor.js')).doctor(environment, output, json),
  },
  {
    name: 'plan',
    description: 'show what a sync would do, as a diff, and write nothing',
    options: [
      ['--empty-store', 'plan as if the store had been lost'],
      ['--exit-code', 'exit with 2 if the plan has writes'],
    ],
    run: async ({ environment, output, json }, _words, { emptyStore, exitCode }) =>
      (await import('./plan.js')).plan(environment, output, {
        json,
        emptyStore: emptyStore === true,
        exitCode: exitCode === true,
      }),
  },
  {
    name: 'status',
    description: 'show whether a running service is ready, and the state of its parts; exits with 1 if it is not ready',
    run: async (context) => (await import('./client/status.js')).status(context),
  },
  {
    name: 'sync',
    description: 'start a poll and an incremental sync in a running service',
    options: [['--wait', 'wait until it is done, and show the result']],
    run: async (context, _words, options) => (await import('./client/sync.js')).sync(context, options),
  },
  {
    name: 'activity',
    description: 'list the activity of all appointments',
    options: [
      ['--since <time>', 'a day (2026-11-26), an instant, or an age (90m, 24h, 7d)'],
      ['--bay <bay>', 'of one bay, by its short name'],
      ['--kind <kinds>', 'booked, changed, cancelled, reverted, failed, noted, manual; separated by commas'],
      ['--search <words>', 'only entries with these words'],
      ['--limit <number>', 'maximum number (default: 50)'],
      ['--follow', 'also show new activity'],
    ],
    run: async (context, _words, options) => (await import('./client/activity.js')).activity(context, options),
  },
  {
    name: 'find',
    description: "find appointments by the customer's name or an id",
    argument: ['<words...>', 'words that must all occur'],
    run: async (context, words) => (await import('./client/find.js')).find(context, words),
  },
  {
    name: 'explain',
    description: 'show what a running service did to an appointment, and why',
    argument: ['<appointment>', 'its id'],
    run: async (context, [id = '']) => (await import('./client/explain.js')).explain(context, id),
  },
  {
    name: 'dead-letters',
    description: 'list the dead letters of a running service',
    run: async (context) => (await import('./client/dead-letters.js')).deadLetters(context),
  },
  {
    name: 'replay',
    description: 'retry dead letters in a running service',
    argument: ['<appointment...>', 'their ids'],
    run: async (context, ids) => (await import('./client/replay.js')).replay(context, ids),
  },
  {
    name: 'held',
    description: 'list the edits in Google Calendar that the guard of a running service holds, and the held checkouts',
    run: async (context) => (await import('./client/held.js')).held(context),
  },
  {
    name: 'held release',
    description: 'execute held edits in a running service: all of a bay, or those of the named appointments',
    argument: ['<bay>', 'its short name'],
    furtherArgument: ['[appointment...]', 'their ids'],
    options: [['--yes', 'do not ask']],
    run: async (context, words, options) =>
      (await import('./client/held.js')).decideHeld(context, 'release', words, options),
  },
  {
    name: 'held revert',
    description: 'revert held edits in a running service: all of a bay, or those of the named appointments',
    argument: ['<bay>', 'its short name'],
    furtherArgument: ['[appointment...]', 'their ids'],
    options: [['--yes', 'do not ask']],
    run: async (context, words, options) =>
      (await import('./client/held.js')).decideHeld(context, 'revert', words, options),
  },
  {
    name: 'resume',
    description: 'show the planned actions of a paused feed, ask, and resume it',
    argument: ['<feed>', 'its name, or the short name of a bay'],
    options: [['--yes', 'do not ask']],
    run: async (context, [feed = ''], options) => (await import('./client/resume.js')).resume(context, feed, options),
  },
  {
    name: 'undo',
    description: "show the last change of an appointment's time or bay, ask, and let a running service undo it",
    argument: ['<appointment>', 'its id'],
    options: [['--yes', 'do not ask']],
    run: async (context, [id = ''], options) => (await import('./client/undo.js')).undo(context, id, options),
  },
  {
    name: 'mirror',
    description: 'mirror a held checkout now, in a running service',
    argument: ['<appointment>', 'its id'],
    run: async (context, [id = '']) => (await import('./client/held.js')).mirror(context, id),
  },
  {
    name: 'copies',
    description: 'list the events that repeat the event of an appointment',
    options: [
      ['--remove', 'delete the exact duplicates that our own or a former account made; at a terminal it asks first'],
      ['--closed-bays', 'the events of bays that were taken out of the settings; --remove deletes all of them'],
      ['--yes', 'do not ask'],
    ],
    run: async (context, _words, options) => (await import('./client/copies.js')).copies(context, options),
  },
  {
    name: 'simulate',
    description: 'run the engine in virtual time against a simulated studio, with random actions and random faults',
    help: FAULT_HELP,
    options: [
      ['--seed <number>', 'seed of the random numbers (default: a new one, printed)'],
      ['--steps <number>', 'total of calls and actions', String(DEFAULT_STEPS)],
      ['--faults <kinds>', 'all, none, or kinds of faults separated by commas', 'all'],
      [
        '--episode-steps <number>',
        'steps of one episode; the next seed starts another one',
        String(DEFAULT_EPISODE_STEPS),
      ],
      ['--jobs <number>', 'episodes in parallel (default: the number of cores)'],
      ['--skip <acts>', 'numbers of the actions to omit, as --shrink prints them', ''],
      ['--trace', 'show the trace of the failing episode, or of the only one'],
      ['--shrink', 'shrink the first failing episode'],
    ],
    run: async ({ output, json }, _words, options) =>
      (await import('./simulate.js')).simulate(output, {
        ...options,
        ...(json && { json }),
      } as unknown as SimulateOptions),
  },
  {
    name: 'config check',
    description: 'check environment and settings file without starting anything',
    run: async ({ environment, output, json }) =>
      (await import('./config-check.js')).configCheck(environment, output, json),
  },
  {
    name: 'completion',
    description: 'print a script that completes commands and options in a shell',
    argument: ['<shell>', 'bash, zsh or fish'],
    onlyWords: true,
    run: async ({ output }, [shell = '']) => {
      const { completionScript } = await import('./completion.js');
      const script = completionScript(shell, COMMANDS);
      if (script === null) output.err('Supported shells: bash, zsh and fish.');
      else output.out(script);
      return script === null ? EXIT.failed : EXIT.ok;
    },
  },
  {
    name: 'version',
    description: 'print the version',
    run: ({ output, json }) => {
      const version = packageVersion();
      output.out(json ? JSON.stringify({ version }) : version);
      return Promise.resolve(EXIT.ok);
    },
  },
];
