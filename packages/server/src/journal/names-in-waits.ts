import type { SyncEngine } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import type { StoryLine } from './story.js';

/** The detail of an edit that waits for another appointment (docs/decision-table.md#taken-slots). */
const WAITS = /^waits until (?<id>\S+) has left the slot$/;

/** The sources of customers' names. */
export interface NameSource {
  readonly store: Pick<SyncStore, 'getMap'>;
  readonly engine: Pick<SyncEngine, 'latestBooking'>;
}

async function nameOf(appointmentId: string, { engine, store }: NameSource): Promise<string> {
  const map = await store.getMap(appointmentId);
  const title = map.ok ? (map.val?.base.title ?? '') : '';
  return title === '' ? (engine.latestBooking(appointmentId)?.customerName ?? '') : title;
}

/** Adds the customer's name to lines about an edit that waits for another appointment. The journal has only its id. */
export async function namesInWaits<T extends StoryLine>(
  lines: readonly T[],
  source: NameSource,
): Promise<readonly T[]> {
  const named: T[] = [];
  for (const line of lines) {
    const last = line.steps.at(-1) ?? '';
    const id = WAITS.exec(last)?.groups?.['id'];
    const name = id === undefined ? '' : await nameOf(id, source);
    const steps = name === '' ? line.steps : [...line.steps.slice(0, -1), last.replace(`${id}`, `${name} (${id})`)];
    named.push({ ...line, steps });
  }
  return named;
}
