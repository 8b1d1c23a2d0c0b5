import type { Context } from 'koa';

const PAGE_DEFAULT = 100;
const PAGE_LIMIT = 500;

/** @returns the first value of a query parameter; undefined if it is missing or empty */
export function single(value: string | string[] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return first === '' ? undefined : first;
}

/** Parses `?limit=`. @returns null if it is invalid */
export function limitOf(ctx: Context): number | null {
  const limit = Number(single(ctx.query['limit']) ?? PAGE_DEFAULT);
  return Number.isInteger(limit) && limit >= 1 && limit <= PAGE_LIMIT ? limit : null;
}

/** Parses `?limit=` and `?after=`. @returns null if the limit is invalid */
export function pageOf(ctx: Context): { readonly limit: number; readonly after?: string } | null {
  const limit = limitOf(ctx);
  const after = single(ctx.query['after']);
  if (limit === null) return null;
  return after === undefined ? { limit } : { limit, after };
}

export const WRONG_LIMIT: string = `"limit" must be a whole number from 1 to ${PAGE_LIMIT}.`;
