/** A bare Koa process that answers /health on PORT. */
import { createRequire } from 'node:module';

/** The library version of the service. */
const Koa = createRequire(new URL('../../packages/server/package.json', import.meta.url))('koa');

const app = new Koa();
app.use((context) => {
  if (context.path === '/health') context.body = { status: 'ok' };
});
app.listen(Number(process.env['PORT']), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
