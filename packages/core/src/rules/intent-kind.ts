import type { IntentKind, SyncIntent } from '../domain/booking-event-map.js';

/** The texts of an event that a change writes. */
export interface WrittenTexts {
  readonly title: boolean;
  readonly description: boolean;
}

export function textsOf(kind: IntentKind): WrittenTexts {
  return {
    title: kind === 'write-title' || kind === 'write-text',
    description: kind === 'write-description' || kind === 'write-text',
  };
}

/** Returns the kind of a write to an event. An earlier write without a known result counts as still in progress. */
export function writeKind({ title, description }: WrittenTexts, earlier: SyncIntent | null): IntentKind {
  const before = earlier ? textsOf(earlier.kind) : { title: false, description: false };
  const writes = { title: title || before.title, description: description || before.description };
  if (writes.title && writes.description) return 'write-text';
  if (writes.title) return 'write-title';
  return writes.description ? 'write-description' : 'write-event';
}
