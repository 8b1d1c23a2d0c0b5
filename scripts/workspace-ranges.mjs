/**
 * The version ranges of our packages among each other. The packages are released together with one version: a dependency is
 * exact, so that an installation has one version of each, and a peer range accepts every compatible one.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import semver from 'semver';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** @typedef {{ name: string, version: string, [field: string]: any }} Manifest */

const EXACT = ['dependencies', 'devDependencies', 'optionalDependencies'];

/** @returns {Promise<{ path: string, manifest: Manifest }[]>} every package of the workspace, and the examples */
export async function workspaceManifests(root = ROOT) {
  const packages = await readdir(join(root, 'packages'));
  const paths = [...packages.map((name) => join(root, 'packages', name)), join(root, 'examples')];
  return Promise.all(
    paths.map(async (folder) => {
      const path = join(folder, 'package.json');
      return { path, manifest: JSON.parse(await readFile(path, 'utf8')) };
    }),
  );
}

/**
 * The faults in the ranges of one package.
 * @param {Manifest} manifest
 * @param {ReadonlyMap<string, string>} versions of our packages, by name
 * @returns {string[]} sentences
 */
export function rangeFaults(manifest, versions) {
  /** @type {string[]} */
  const faults = [];
  for (const field of [...EXACT, 'peerDependencies']) {
    for (const [name, range] of Object.entries(manifest[field] ?? {})) {
      const version = versions.get(name);
      if (version === undefined) continue;
      if (!semver.satisfies(version, range)) faults.push(`${field}: ${name} is wanted as ${range}, and is ${version}`);
      else if (field !== 'peerDependencies' && semver.valid(range) === null) {
        faults.push(`${field}: ${name} is wanted as ${range}, and has to be wanted exactly`);
      }
    }
  }
  return faults;
}

/**
 * Updates the ranges of every package to the current versions.
 * @returns {Promise<string[]>} paths of the manifests that were changed
 */
export async function alignRanges(root = ROOT) {
  const all = await workspaceManifests(root);
  const versions = new Map(all.map(({ manifest }) => [manifest.name, manifest.version]));
  /** @type {string[]} */
  const changed = [];
  for (const { path, manifest } of all) {
    const before = JSON.stringify(manifest);
    for (const field of [...EXACT, 'peerDependencies']) {
      for (const name of Object.keys(manifest[field] ?? {})) {
        const version = versions.get(name);
        if (version !== undefined) manifest[field][name] = field === 'peerDependencies' ? `^${version}` : version;
      }
    }
    if (JSON.stringify(manifest) === before) continue;
    await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`);
    changed.push(path);
  }
  return changed;
}
