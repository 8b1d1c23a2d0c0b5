import { execFile } from 'node:child_process';
import { createServer, request as send } from 'node:http';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { folderSynchroniser } from '../../scripts/calendar-clients.mjs';
import { startRadicale } from '../../scripts/radicale.mjs';
import { progress } from '../harness/measure.mjs';

const run = promisify(execFile);
const BAYS = ['bay-1', 'bay-2'];
const HOUR = 3_600_000;
/** Runs a command, and prints the seconds of processor time and the most KB of memory that it took. */
const MEASURED = `import json, resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"ms": (used.ru_utime + used.ru_stime) * 1000, "kb": used.ru_maxrss}))
sys.exit(code)`;

/** @param {number} at */
const stamp = (at) => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

/** @param {string} id @param {number} start @param {string} title */
const icsOf = (id, start, title) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//loft//bench//EN',
    'BEGIN:VEVENT',
    `UID:${id}`,
    `DTSTAMP:${stamp(Date.now())}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(start + HOUR)}`,
    `SUMMARY:${title}`,
    'DESCRIPTION:Left-handed clubs',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

/** Counts the requests to a server. @param {string} target */
async function countingProxy(target) {
  const { hostname, port } = new URL(target);
  let calls = 0;
  const server = createServer((incoming, answer) => {
    calls++;
    const { method, url: path, headers } = incoming;
    const outgoing = send({ hostname, port, method, path, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    outgoing.once('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return { url: `http://127.0.0.1:${address.port}`, calls: () => calls, close: () => server.close() };
}

/**
 * vdirsyncer between a folder, which holds what the booking system would hold, and two calendars of Radicale. null: one of
 * them cannot be installed here.
 */
export async function startPeer() {
  const program = await folderSynchroniser({ log: progress });
  const radicale = program && (await startRadicale({ log: progress }));
  if (!program || !radicale) return null;
  for (const bay of BAYS) await radicale.createCalendar(bay);
  const { home, username, password } = radicale.account;
  const proxy = await countingProxy(home);
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-peer-'));
  for (const bay of BAYS) await mkdir(join(directory, 'bookings', bay), { recursive: true });
  const config = `
[general]
status_path = "${join(directory, 'status')}"
[pair loft]
a = "folder"
b = "server"
collections = ${JSON.stringify(BAYS)}
conflict_resolution = "a wins"
[storage folder]
type = "filesystem"
path = "${join(directory, 'bookings')}"
fileext = ".ics"
[storage server]
type = "caldav"
url = "${proxy.url}/${username}/"
username = "${username}"
password = "${password}"
`;
  const configPath = join(directory, 'config');
  await writeFile(configPath, config);
  /** @param {readonly string[]} words */
  const measured = async (words) => {
    const before = proxy.calls();
    const args = ['-I', '-c', MEASURED, program.command, ...program.args, '-c', configPath, ...words];
    const { stdout } = await run(program.command, args, { maxBuffer: 1 << 26 });
    const { ms, kb } = JSON.parse(stdout);
    return { ms, mb: kb / 1024, calls: proxy.calls() - before };
  };
  /** @param {number} index */
  const bayOf = (index) => BAYS[index % BAYS.length] ?? '';
  const fileOf = (/** @type {number} */ index) => join(directory, 'bookings', bayOf(index), `b${index}.ics`);
  const startOf = (/** @type {number} */ index) => Math.ceil(Date.now() / HOUR) * HOUR + (26 + index) * HOUR;
  await measured(['discover', 'loft']);
  return {
    /** @param {number} count */
    book: async (count) => {
      for (let index = 0; index < count; index++)
        await writeFile(fileOf(index), icsOf(`b${index}`, startOf(index), `Customer ${index}`));
    },
    /** In the folder. @param {number} from @param {number} count */
    move: async (from, count) => {
      for (let index = from; index < from + count; index++)
        await writeFile(fileOf(index), icsOf(`b${index}`, startOf(index + 5000), `Customer ${index}`));
    },
    /** In the folder. @param {number} from @param {number} count */
    cancel: async (from, count) => {
      for (let index = from; index < from + count; index++) await rm(fileOf(index));
    },
    /** On the server. @param {number} from @param {number} count */
    drag: async (from, count) => {
      for (let index = from; index < from + count; index++)
        await radicale.request(
          'PUT',
          `${bayOf(index)}/b${index}.ics`,
          icsOf(`b${index}`, startOf(index + 9000), `Customer ${index}`),
          {
            'content-type': 'text/calendar',
          },
        );
    },
    sync: () => measured(['sync', 'loft']),
    version: () => measured(['--version']),
    /** Has the edit of the server reached the folder? @param {number} index */
    isDragged: async (index) => (await readFile(fileOf(index), 'utf8')).includes(stamp(startOf(index + 9000))),
    files: async () => {
      const all = await Promise.all(BAYS.map((bay) => readdir(join(directory, 'bookings', bay))));
      return all.flat().length;
    },
    stop: async () => {
      proxy.close();
      await radicale.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
