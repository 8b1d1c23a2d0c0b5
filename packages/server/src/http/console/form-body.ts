import type { Context } from 'koa';
import { answerError } from '../answer.js';
import { readRawBody } from '../raw-body.js';

const BODY_LIMIT_BYTES = 16 * 1024;

/** Reads the fields of a form. @returns null if it is too large or incomplete; the request is then answered */
export async function readForm(ctx: Context): Promise<URLSearchParams | null> {
  const body = await readRawBody(ctx.req, BODY_LIMIT_BYTES);
  if (body.ok) return new URLSearchParams(body.val.toString('utf8'));
  if (body.val === 'too-large') answerError(ctx, 413, 'The form is larger than 16 KiB.');
  else answerError(ctx, 400, 'The form ended too early.');
  return null;
}
