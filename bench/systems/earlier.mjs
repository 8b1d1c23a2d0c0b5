import { join } from 'node:path';

/** The folder of the built repository of an earlier commit. Undefined: only this build is measured. */
export const { LOFT_SYNC_BEFORE: EARLIER } = process.env;

/** What is added to the name of a row of the earlier build. */
export const OF_EARLIER = ', the earlier build';

/** The options of `startService` that start the earlier build. It may not know the setting. */
export const EARLIER_SERVICE =
  EARLIER === undefined
    ? null
    : {
        program: join(EARLIER, 'packages/server/bin/loft-sync.js'),
        groups: { google: { deleteGraceSeconds: undefined } },
      };
