const { availableParallelism } = require('node:os');

module.exports = {
  'node-option': ['enable-source-maps'],
  reporter: './scripts/test-reporter.cjs',
  require: ['./scripts/test-random.cjs'],
  // A limit for tests that hang. Tests that compute take a few seconds, and many times that on a busy machine.
  timeout: 300_000,
  // Used with --parallel. Many tests wait for another process, a poll or a debounce: three files per core use the cores.
  jobs: 3 * availableParallelism(),
  'forbid-only': true,
};
