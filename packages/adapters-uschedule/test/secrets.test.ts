import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import { Secrets } from '#src/secrets.js';
import { rawServer } from './helpers/open-studio.js';

describe('secrets', () => {
  const applicationKey = randomBytes(12).toString('hex');
  const password = `p"a\\s/s ${randomBytes(6).toString('hex')}`;
  const authKey = randomBytes(12).toString('hex');

  /** Every error of a server that quotes the whole request, with every status and format. */
  async function errorsOfAnIndiscreetServer(status: number, json: boolean, loginWorks: boolean): Promise<string> {
    const server = await rawServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        if (loginWorks && request.url?.endsWith('validateuser')) {
          response.end(JSON.stringify({ AuthKey: authKey }));
          return;
        }
        const said = `${applicationKey} ${password} ${encodeURIComponent(password)} ${authKey} ${body}`;
        const quoted = `${JSON.stringify(request.headers)} ${loginWorks ? said : said.replaceAll(authKey, '')}`;
        response.statusCode = status;
        response.end(json ? JSON.stringify({ Message: quoted }) : quoted);
      });
    });
    const bookings = createUScheduleBookingSystem({
      baseUrl: server.url,
      alias: 'loftgolf',
      applicationKey,
      login: { kind: 'password', username: 'sync@example.com', password },
      timeZone: 'America/Phoenix',
    });
    const slot = { resourceUnitId: 1, start: 0, end: 3_600_000 };
    const results = [
      await bookings.listBookings({ from: 0, to: 1 }),
      await bookings.getBooking('1'),
      await bookings.listFreeSlots(1, 0),
      await bookings.cancelBooking('1'),
      await bookings.rescheduleBooking('1', slot),
      await bookings.book({ ...slot, customerId: null, notes: '' }),
      await bookings.listResourceUnits(),
    ];
    await server.close();
    return JSON.stringify(results.map(({ ok, val }) => (ok ? null : val)));
  }

  for (const status of [200, 400, 401, 403, 404, 429, 500]) {
    for (const json of [true, false]) {
      for (const loginWorks of [true, false]) {
        const form = `${json ? 'JSON' : 'text'}, status ${status}, ${loginWorks ? 'after' : 'at'} the login`;
        it(`are in no error, although the server quotes them (${form})`, async () => {
          const errors = await errorsOfAnIndiscreetServer(status, json, loginWorks);
          for (const secret of [applicationKey, authKey, password, encodeURIComponent(password), password.slice(-12)]) {
            expect(errors).not.to.include(secret);
          }
          expect(errors).to.include('uschedule');
        });
      }
    }
  }

  it('are not shown if the adapter is printed', async () => {
    const { inspect } = await import('node:util');
    const bookings = createUScheduleBookingSystem({
      alias: 'loftgolf',
      applicationKey,
      login: { kind: 'password', username: 'sync@example.com', password },
      timeZone: 'America/Phoenix',
    });
    expect(inspect(bookings, { depth: 10 }) + JSON.stringify(bookings)).not.to.include(applicationKey);
  });

  it('are found at any depth of quoting', () => {
    const secret = "pä\"s\\s <1>&'2' 🏌 50%+x";
    const secrets = new Secrets([secret]);
    let text = `before ${secret} after`;
    for (let depth = 0; depth < 4; depth++) {
      expect(secrets.redact(text)).to.include('[secret]').and.not.include('50');
      text = JSON.stringify({ text });
    }
    const escaped = JSON.stringify(secret).replace(
      /[^ -~]/g,
      (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    const html = secret.replace(
      /["&<>']/g,
      (it) => `&${{ '"': 'quot', '&': 'amp', '<': 'lt', '>': 'gt', "'": '#39' }[it]};`,
    );
    for (const form of [
      escaped.slice(1, -1),
      encodeURIComponent(secret),
      encodeURIComponent(encodeURIComponent(secret)),
      html,
    ]) {
      expect(secrets.redact(`before ${form} after`), form).to.equal('before [secret] after');
    }
  });

  it('are removed from redaction only after many newer ones', () => {
    const secrets = new Secrets([]);
    for (let number = 10; number < 20; number++) secrets.addAuthKey(`key-${number}`);
    expect(secrets.redact('key-19 key-12 key-11')).to.equal('[secret] [secret] key-11');
  });

  it('that are empty redact nothing', () => {
    expect(new Secrets(['', ' ']).redact('a text')).to.equal('a text');
  });

  it('that are invalid in a header are not shown either', async () => {
    const bookings = createUScheduleBookingSystem({
      alias: 'loftgolf',
      applicationKey: `${applicationKey}\u0000`,
      login: { kind: 'impersonate', username: 'sync@example.com' },
      timeZone: 'America/Phoenix',
    });
    const error = (await bookings.getBooking('1')).val;
    expect(error).to.include({ kind: 'transient', method: 'impersonateuser' });
    expect(JSON.stringify(error)).not.to.include(applicationKey);
  });
});
