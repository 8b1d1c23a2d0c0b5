/**
 * A bare Koa process with the two webhook routes: each authenticates its caller, and answers.
 * Sends its port to the parent.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createRequire } from 'node:module';
import { CHANNEL_SECRET, WEBHOOK_SECRET } from './service-settings.mjs';

/** The library version of the service. */
const Koa = createRequire(new URL('../../packages/server/package.json', import.meta.url))('koa');

/** @param {string} secret @param {string} text @param {string} given */
function isSigned(secret, text, given) {
  const wanted = Buffer.from(createHmac('sha256', secret).update(text).digest('hex'));
  const bytes = Buffer.from(given);
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
}

/** @param {import('node:http').IncomingMessage} request */
async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const app = new Koa();
app.use(async (/** @type {any} */ ctx) => {
  const isHint = ctx.path === '/webhook/uschedule';
  const body = isHint ? await bodyOf(ctx.req) : '';
  const signed = isHint
    ? isSigned(WEBHOOK_SECRET, `${ctx.get('x-loft-timestamp')}.${body}`, ctx.get('x-loft-signature').slice(7))
    : isSigned(CHANNEL_SECRET, ctx.get('x-goog-channel-id'), ctx.get('x-goog-channel-token'));
  if (!signed) ctx.status = 401;
  else if (!isHint) ctx.status = 204;
  else {
    ctx.status = typeof JSON.parse(body).appointmentId === 'string' ? 202 : 400;
    ctx.body = { status: 'accepted' };
  }
});
const server = app.listen(0, '127.0.0.1', () => process.send?.(server.address()));
process.on('disconnect', () => server.close(() => process.exit(0)));
