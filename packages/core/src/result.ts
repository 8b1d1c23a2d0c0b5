/**
 * `Result`, `Ok` and `Err` of ts-results. All files import them from here: the library's main entry does not
 * load in Node's ESM, its file `result.js` does.
 *
 * An `Err` contains a stack. Compare and serialise its `.val`, never the `Err` itself.
 */
export { Err, Ok, type Result } from 'ts-results/result.js';
