import { SECOND, type Instant } from '@loft/sync-core/time-zones';
import { posixTimeZone } from './posix-time-zone.js';
import type { ZoneRules } from './zone-rules.js';

const HEADER_BYTES = 44;
const MAGIC = 'TZif';

/** The counts of the header in order. */
interface Counts {
  readonly utIndicators: number;
  readonly standardIndicators: number;
  readonly leapSeconds: number;
  readonly changes: number;
  readonly types: number;
  readonly nameBytes: number;
}

/**
 * Parses a compiled zone file (RFC 9636, version 2 or later: times of 64 bits, and a rule for the years after the last
 * change). Leap seconds are ignored, as on every usual system.
 *
 * @returns null if the bytes are not such a file
 */
export function readTzif(bytes: Uint8Array): ZoneRules | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const oldCounts = countsAt(view, 0);
  if (!oldCounts || view.getUint8(4) < '2'.charCodeAt(0)) return null;
  const second = HEADER_BYTES + blockBytes(oldCounts, 4);
  const counts = countsAt(view, second);
  if (!counts || counts.types === 0) return null;
  const block = second + HEADER_BYTES;
  const end = block + blockBytes(counts, 8);
  if (end > view.byteLength) return null;

  const typesAt = block + counts.changes * 9;
  const offsets = Array.from({ length: counts.types }, (_, type) => view.getInt32(typesAt + type * 6) * SECOND);
  const [first = 0] = offsets;
  const changes: Instant[] = [];
  const after: number[] = [];
  for (let index = 0; index < counts.changes; index++) {
    changes.push(Number(view.getBigInt64(block + index * 8)) * SECOND);
    after.push(offsets[view.getUint8(block + counts.changes * 8 + index)] ?? first);
  }
  const footer = new TextDecoder('latin1').decode(bytes.subarray(end)).split('\n')[1] ?? '';
  const afterwards = footer === '' ? null : posixTimeZone(footer);
  if (footer !== '' && afterwards === null) return null;
  return { first, changes, offsets: after, afterwards };
}

function countsAt(view: DataView, at: number): Counts | null {
  if (view.byteLength < at + HEADER_BYTES) return null;
  for (let index = 0; index < MAGIC.length; index++) {
    if (view.getUint8(at + index) !== MAGIC.charCodeAt(index)) return null;
  }
  const count = (index: number): number => view.getUint32(at + 20 + index * 4);
  return {
    utIndicators: count(0),
    standardIndicators: count(1),
    leapSeconds: count(2),
    changes: count(3),
    types: count(4),
    nameBytes: count(5),
  };
}

function blockBytes(counts: Counts, timeBytes: number): number {
  const { changes, types, nameBytes, leapSeconds, standardIndicators, utIndicators } = counts;
  return (
    changes * (timeBytes + 1) +
    types * 6 +
    nameBytes +
    leapSeconds * (timeBytes + 4) +
    standardIndicators +
    utIndicators
  );
}
