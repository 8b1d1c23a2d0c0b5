import type { Context } from 'koa';
import { answerError } from './answer.js';
import { BODY_LIMIT_BYTES } from './guards.js';
import { readRawBody } from './raw-body.js';

/** A JSON object with unchecked fields. */
export type JsonFields = Readonly<Record<string, unknown>>;

function objectIn(text: string): JsonFields | null {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/**
 * Reads the JSON object in a request's body. An empty body is an object without fields.
 *
 * @returns null if it is invalid. The request is then answered: 413 too large, 400 not a JSON object
 */
export async function readJson(ctx: Context): Promise<JsonFields | null> {
  const body = await readRawBody(ctx.req, BODY_LIMIT_BYTES);
  if (body.err) {
    if (body.val === 'too-large') answerError(ctx, 413, 'The body is larger than 64 KiB.');
    else answerError(ctx, 400, 'The body ended too early.');
    return null;
  }
  const fields = objectIn(body.val.toString('utf8'));
  if (fields === null) answerError(ctx, 400, 'The body is not a JSON object.');
  return fields;
}
