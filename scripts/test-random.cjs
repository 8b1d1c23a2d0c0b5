/**
 * Makes the jitter of retries and the turns of replicas the same in each run of a test: `Math.random` is a generator
 * with the test's title as seed. Worlds with random seeds, which look for new faults, have their own generator.
 */
exports.mochaHooks = {
  beforeEach() {
    Math.random = seededRandom(this.currentTest.fullTitle());
  },
};

/** Returns a generator of numbers in [0, 1) (mulberry32), seeded with the FNV-1a hash of a text. */
function seededRandom(text) {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ character.codePointAt(0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
