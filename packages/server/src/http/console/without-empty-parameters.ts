import type { Middleware } from 'koa';

/** Redirects the address of a form with empty fields to the address without them, which a user can read and share. */
export const withoutEmptyParameters: Middleware = async (ctx, next) => {
  const given = [...new URLSearchParams(ctx.querystring)];
  const kept = given.filter(([, value]) => value !== '');
  if (kept.length === given.length) {
    await next();
    return;
  }
  const query = new URLSearchParams(kept).toString();
  ctx.redirect(query === '' ? ctx.path : `${ctx.path}?${query}`);
  ctx.status = 303;
};
