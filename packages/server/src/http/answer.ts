import type { Context } from 'koa';

/** Answers a failure: `{"error": "<one sentence>"}`. */
export function answerError(ctx: Pick<Context, 'status' | 'body'>, status: number, sentence: string): void {
  ctx.status = status;
  ctx.body = { error: sentence };
}
