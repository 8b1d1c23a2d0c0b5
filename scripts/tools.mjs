// Helpers of the scripts that build or install programs outside of the repository.

import { createHash } from 'node:crypto';
import { access, constants, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The program's path; null if it is not on the PATH. */
export async function onPath(name, env) {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (folder && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return null;
}

export async function isExecutable(path) {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** A folder in the user's cache, one for each version of the files that its content is built from. */
export async function cacheFolder(name, files, env) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  const cache = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return join(cache, 'loft-sync', `${name}-${hash.digest('hex').slice(0, 16)}`);
}
