/**
 * Preloaded into a run of the bundle: at its end V8's code cache of every chunk that was loaded is written beside the chunk.
 * It includes the functions that were compiled during the run.
 */
import { writeFileSync } from 'node:fs';
import vm from 'node:vm';

/** @type {{ script: vm.Script, file: string }[]} */
const scripts = [];

vm.Script = class extends vm.Script {
  /** @param {string} code @param {vm.ScriptOptions} options */
  constructor(code, options) {
    super(code, options);
    if (options?.filename) scripts.push({ script: this, file: options.filename });
  }
};

process.on('exit', () => {
  for (const { script, file } of scripts) writeFileSync(`${file}.cache`, script.createCachedData());
});
