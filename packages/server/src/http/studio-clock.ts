import type { Middleware } from 'koa';
import { clockText } from '../time-zones/clock-text.js';
import type { NamedZone } from '../time-zones/zoned-formatter.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** Finds all instants in a JSON value. */
function instantsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return INSTANT.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(instantsIn) : [];
}

/**
 * Honours `Prefer: clock`: adds every instant of an answer as the studio's clock shows it, `{"clock": {"<instant>": "Thu
 * 26 Nov 14:02"}}`. The command line then needs no zone rules, and shows times by those that the service uses.
 */
export function studioClock({ timeZone, timeZones }: NamedZone): Middleware {
  return async (ctx, next) => {
    await next();
    const body: unknown = ctx.body;
    if (ctx.get('Prefer') !== 'clock' || !isJsonObject(body)) return;
    const texts = instantsIn(body).map((text) => {
      const instant = Date.parse(text);
      return [text, clockText(instant + timeZones.offsetAt(instant, timeZone))] as const;
    });
    ctx.body = { ...body, clock: Object.fromEntries(texts) };
    ctx.set('Preference-Applied', 'clock');
  };
}

function isJsonObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype;
}
