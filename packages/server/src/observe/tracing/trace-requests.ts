import { context, propagation, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import type { Middleware } from 'koa';

/**
 * A span for each request that sets something going, which goes on with the caller's trace where it names one. Probes,
 * scrapes and pages are left out: they change nothing.
 */
export function traceRequests(tracer: Tracer): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'POST') {
      await next();
      return;
    }
    const parent = propagation.extract(context.active(), ctx.headers);
    const attributes = { 'http.request.method': ctx.method };
    const span = tracer.startSpan(ctx.method, { kind: SpanKind.SERVER, attributes }, parent);
    try {
      await context.with(trace.setSpan(parent, span), next);
    } finally {
      const { _matchedRoute: route } = ctx as { readonly _matchedRoute?: unknown };
      // The pattern and not the path, which may be anything.
      if (typeof route === 'string') span.setAttribute('http.route', route).updateName(`${ctx.method} ${route}`);
      span.setAttribute('http.response.status_code', ctx.status);
      if (ctx.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    }
  };
}
