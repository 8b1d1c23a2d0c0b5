import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { WRITABLE_FIELDS } from '#src/simulator/event-fields.js';
import { API_METHODS } from '#src/simulator/routes.js';
import { BAY_1, closeAll, EVENT_ID, googleClient, HOUR, simulate, START } from './helpers/simulated.js';

/** The library's types, which Google writes from the discovery document. */
const DISCOVERY = await readFile(
  createRequire(import.meta.url)
    .resolve('googleapis/build/src/apis/calendar/index.js')
    .replace('index.js', 'v3.d.ts'),
  'utf8',
);
const PAGE = await readFile(new URL('../../../docs/google-simulator.md', import.meta.url), 'utf8');

/** Names in backticks. */
function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name);
}

/** The cells of the page's tables, by the name in the first one. */
function rowsUnder(heading: string): ReadonlyMap<string, readonly (readonly string[])[]> {
  const section = PAGE.split(`### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return new Map(
    rows.map((row) => {
      const [first = '', ...cells] = row.split('|').slice(1, -1);
      return [namesIn(first)[0] ?? '', cells.map(namesIn)] as const;
    }),
  );
}

function membersOf(declaration: string): readonly string[] {
  const at = DISCOVERY.indexOf(`export interface ${declaration} `);
  if (at < 0) throw new Error(`the library has no ${declaration}`);
  const body = DISCOVERY.slice(at).split('\n    }\n')[0] ?? '';
  return [...body.matchAll(/^ {8}(\w+)\?: /gm)].map(([, name = '']) => name);
}

/** Methods as the library names them, in lower case: `calendarlist.list`. */
const METHODS_OF_GOOGLE: readonly string[] = [
  ...DISCOVERY.matchAll(/export interface Params\$Resource\$(\w+)\$(\w+) extends StandardParameters/g),
].map(([, resource = '', method = '']) => `${resource}.${method}`.toLowerCase());

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}

describe('The simulator, compared with Google’s discovery document,', () => {
  afterEach(closeAll);

  const [implemented = [], refused = []] = ['Implemented', 'Refused'].map((word) =>
    namesIn(PAGE.split(`\n${word}: `)[1]?.split('.\n')[0] ?? ''),
  );

  it('implements or refuses every method', () => {
    const known = [...implemented, ...refused].map((name) => name.toLowerCase());
    expect(known).to.have.members([...METHODS_OF_GOOGLE]);
    expect(implemented).to.have.members([...API_METHODS]);
  });

  const parameters = rowsUnder('Parameters');

  it('documents the parameters of every implemented method', () => {
    expect([...parameters.keys()]).to.have.members([...API_METHODS]);
  });

  for (const [method, cells] of parameters) {
    it(`uses or ignores every parameter of ${method}`, () => {
      const [resource = '', name = ''] = method.split('.');
      const known = membersOf(`Params$Resource$${capitalised(resource)}$${capitalised(name)}`);
      expect(cells.flat()).to.have.members(known.filter((it) => it !== 'requestBody'));
    });
  }

  const fields = rowsUnder('Fields');

  for (const [schema, cells] of fields) {
    it(`writes, sets or ignores every field of ${schema}`, () => {
      expect(cells.flat()).to.have.members([...membersOf(`Schema$${schema}`)]);
    });
  }

  it('writes the documented fields of an event', () => {
    expect(fields.get('Event')?.[0]).to.have.members([...WRITABLE_FIELDS, 'id', 'status']);
  });

  const times = {
    start: { dateTime: new Date(START).toISOString() },
    end: { dateTime: new Date(START + HOUR).toISOString() },
  };

  it('ignores the documented parameters of reads', async () => {
    const simulator = await simulate();
    simulator.person.addEvent(BAY_1, { id: EVENT_ID, ...times });
    const headers = { authorization: `Bearer ${simulator.issueAccessToken()}` };
    const reads: Readonly<Record<string, string>> = {
      'events.list': `calendars/${BAY_1}/events`,
      'events.get': `calendars/${BAY_1}/events/${EVENT_ID}`,
      'calendarList.list': 'users/me/calendarList',
    };
    for (const [method, path] of Object.entries(reads)) {
      const read = async (query: string): Promise<unknown> =>
        (await fetch(`${simulator.rootUrl}/calendar/v3/${path}?${query}`, { headers })).json();
      const plain = { ...((await read('')) as object), nextSyncToken: null };
      for (const name of [...(parameters.get(method)?.[1] ?? []), 'prettyPrint', 'key', 'quotaUser']) {
        const answer = { ...((await read(`${name}=true`)) as object), nextSyncToken: null };
        expect(answer, `${method} ${name}`).to.deep.equal(plain);
      }
    }
  });

  it('ignores the documented fields of a body, and unknown ones', async () => {
    const simulator = await simulate();
    const { events } = googleClient(simulator);
    const [, set = [], ignored = []] = fields.get('Event') ?? [];
    const unusual = Object.fromEntries([...set, ...ignored, 'noSuchField'].map((name) => [name, 'unusual']));
    const requestBody = { ...unusual, ...times, id: EVENT_ID } as object;
    const { data } = await events.insert({ calendarId: BAY_1, requestBody });
    expect(JSON.stringify(data)).to.not.contain('unusual');
    expect(data).to.not.have.any.keys(...ignored, 'noSuchField');
  });

  it('keeps every field that is documented as written by a client', async () => {
    const simulator = await simulate();
    const { events } = googleClient(simulator);
    const shown: Readonly<Record<string, unknown>> = {
      ...Object.fromEntries([...WRITABLE_FIELDS].map((name) => [name, { some: 'thing' }])),
      id: EVENT_ID,
      status: 'tentative',
      start: { date: '2027-01-20' },
      end: { date: '2027-01-21' },
      attendees: [],
      summary: 'S',
      description: 'D',
      transparency: 'transparent',
      visibility: 'private',
      eventType: 'birthday',
      recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
      extendedProperties: { private: { some: 'thing' } },
    };
    await events.insert({ calendarId: BAY_1, requestBody: shown });
    const { data } = await events.get({ calendarId: BAY_1, eventId: EVENT_ID });
    expect(data).to.deep.include(shown);
  });
});
