import type { Context } from 'koa';
import { answerError } from './answer.js';
import { BODY_LIMIT_BYTES } from './guards.js';
import { readRawBody } from './raw-body.js';

function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/**
 * Reads the JSON object in a request's body, which may have one optional field. Without it the action concerns everything, so
 * a field of another name is refused.
 *
 * @returns the value of the field, undefined if it is absent; null if the body is invalid. The request is then answered: 413
 * too large, 400 not such an object
 */
export async function readField(ctx: Context, name: string): Promise<{ readonly value: unknown } | null> {
  const body = await readRawBody(ctx.req, BODY_LIMIT_BYTES);
  if (body.err) {
    if (body.val === 'too-large') answerError(ctx, 413, 'The body is larger than 64 KiB.');
    else answerError(ctx, 400, 'The body ended too early.');
    return null;
  }
  const fields = objectIn(body.val.toString('utf8'));
  const unknown = fields && Object.keys(fields).find((key) => key !== name);
  if (fields === null) answerError(ctx, 400, 'The body is not a JSON object.');
  else if (unknown !== undefined) answerError(ctx, 400, `The body may have "${name}" only, and has "${unknown}".`);
  else return { value: fields[name] };
  return null;
}
