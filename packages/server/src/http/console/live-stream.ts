import { PassThrough } from 'node:stream';
import { SECOND, type Clock, type SyncEngine, type SyncEvent } from '@loft/sync-core';

/** Debounce interval of the page's updates. */
const DEBOUNCE_MS = 120;
/** Interval of a comment that keeps the connection open: proxies close idle ones. */
const HEARTBEAT_MS: number = 20 * SECOND;

/** Events after which the page is updated at once. */
function isChange(event: SyncEvent): boolean {
  switch (event.type) {
    case 'action':
    case 'task':
    case 'channel':
    case 'notice':
      return true;
    case 'decision':
      return event.reason !== 'in-sync';
    case 'feed':
      return event.outcome !== 'ok' || event.tasks > 0;
    case 'call':
      return false;
  }
}

/** Server-sent events that ask the page to reload its parts. They carry no data. The stream ends with the engine. */
export function liveStream(engine: Pick<SyncEngine, 'events'>, clock: Clock): PassThrough {
  const stream = new PassThrough();
  let cancelNotify: (() => void) | null = null;
  let cancelBeat: (() => void) | null = null;
  const notify = (): void => {
    cancelNotify = null;
    stream.write('event: changed\ndata: {}\n\n');
  };
  const beat = (): void => {
    stream.write(': still here\n\n');
    cancelBeat = clock.setTimer(HEARTBEAT_MS, beat);
  };
  const subscription = engine.events.subscribe({
    next: (event) => {
      if (isChange(event)) cancelNotify ??= clock.setTimer(DEBOUNCE_MS, notify);
    },
    complete: () => stream.end(),
  });
  const stop = (): void => {
    subscription.unsubscribe();
    cancelNotify?.();
    cancelBeat?.();
  };
  stream.once('close', stop).once('end', stop);
  stream.write('retry: 2000\n\n');
  beat();
  return stream;
}
