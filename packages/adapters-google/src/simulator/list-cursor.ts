import { parseObject } from './json.js';

/** The content of a sync token or page token, which is opaque to clients. */
export interface ListCursor {
  readonly calendarId: string;
  /** Tokens of an earlier generation have expired. */
  readonly generation: number;
  /** The other parameters of the list that issued the token. */
  readonly parameters: string;
  /** Changes after this revision are listed; null: all events are. */
  readonly since: number | null;
  /** Revision at the time of the first page: where the next incremental list begins. */
  readonly upTo: number;
  /** The last item of the previous page: its position and its id; null in a sync token. */
  readonly after: { readonly key: number; readonly id: string } | null;
}

/** Encodes a cursor as a token. */
export function encodeCursor(cursor: ListCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** @returns null if it is no token of this simulator */
export function decodeCursor(token: string): ListCursor | null {
  const fields = parseObject(Buffer.from(token, 'base64url').toString());
  return isCursor(fields) ? fields : null;
}

function isCursor(value: unknown): value is ListCursor {
  if (typeof value !== 'object' || value === null) return false;
  const { calendarId, generation, parameters, since, upTo, after } = value as Record<string, unknown>;
  return (
    typeof calendarId === 'string' &&
    typeof generation === 'number' &&
    typeof parameters === 'string' &&
    typeof upTo === 'number' &&
    (since === null || typeof since === 'number') &&
    (after === null || (typeof after === 'object' && 'key' in after && 'id' in after))
  );
}
