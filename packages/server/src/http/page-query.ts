import type { Context } from 'koa';

const PAGE_DEFAULT = 100;
const PAGE_LIMIT = 500;

/** The first value of a parameter of the address; undefined when it is missing or empty. */
export function single(value: string | string[] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return first === '' ? undefined : first;
}

/** `?limit=`; null when it makes no sense. */
export function limitOf(ctx: Context): number | null {
  const limit = Number(single(ctx.query['limit']) ?? PAGE_DEFAULT);
  return Number.isInteger(limit) && limit >= 1 && limit <= PAGE_LIMIT ? limit : null;
}

/** `?limit=` and `?after=`; null when the limit makes no sense. */
export function pageOf(ctx: Context): { readonly limit: number; readonly after?: string } | null {
  const limit = limitOf(ctx);
  const after = single(ctx.query['after']);
  if (limit === null) return null;
  return after === undefined ? { limit } : { limit, after };
}

export const WRONG_LIMIT: string = `"limit" must be a whole number from 1 to ${PAGE_LIMIT}.`;
