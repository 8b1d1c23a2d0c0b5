import { context, propagation, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import type { Middleware } from 'koa';

/**
 * Creates a span for each request that may start a sync, as a child of the caller's trace if there is one. Probes,
 * scrapes and pages have no span.
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
      // The pattern, because a path may contain any text.
      if (typeof route === 'string') span.setAttribute('http.route', route).updateName(`${ctx.method} ${route}`);
      span.setAttribute('http.response.status_code', ctx.status);
      if (ctx.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    }
  };
}
