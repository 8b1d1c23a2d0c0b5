import { once } from 'node:events';
import { connect } from 'node:net';
import { openHost } from '#src/http/http-host.js';
import { expect } from 'chai';

describe('the time limit of a request’s headers', function () {
  this.timeout(60_000);

  it('ends a slow request about a second after the limit, and does not wait for Node’s own check every 30 seconds', async () => {
    const host = (await openHost({ port: 0, hostname: '127.0.0.1', headersTimeoutMs: 500 })).unwrap();
    try {
      const socket = connect(host.port, '127.0.0.1');
      let answer = '';
      socket.on('data', (chunk) => (answer += String(chunk)));
      await once(socket, 'connect');
      const since = Date.now();
      socket.write('GET /health HTTP/1.1\r\nHost: example\r\n');
      await once(socket, 'close');
      expect(answer).to.match(/^HTTP\/1\.1 408 /);
      expect(Date.now() - since).to.be.within(400, 15_000);
    } finally {
      await host.close(0);
    }
  });
});
