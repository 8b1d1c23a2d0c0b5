import { brokenAdding } from './adding-tasks.js';
import type { BrokenStores } from './breakable.js';
import { brokenClaiming } from './claiming-tasks.js';
import { brokenDeadLetters } from './dead-letters.js';
import { brokenFeedsAndChannels } from './feeds-and-channels.js';
import { brokenFinishing } from './finishing-tasks.js';
import { brokenJournals } from './journal.js';
import { brokenMaps } from './maps.js';
import { brokenSignals } from './signals.js';

/** Stores with one defect each, by the description of the defect. */
export const brokenStores: BrokenStores = {
  ...brokenMaps,
  ...brokenAdding,
  ...brokenClaiming,
  ...brokenFinishing,
  ...brokenDeadLetters,
  ...brokenFeedsAndChannels,
  ...brokenJournals,
  ...brokenSignals,
};
