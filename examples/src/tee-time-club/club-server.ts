import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Studio } from '@loft/sync-core/testing';
import { ImaginaryClub, type ClubApi } from './club-api.js';

/** The running club: the actions of its users, and the address of its API. */
export interface OpenClub {
  readonly user: Studio;
  readonly address: string;
  close(): Promise<void>;
}

const METHODS: ReadonlySet<string> = new Set<keyof ClubApi>([
  'reservations',
  'reservation',
  'openings',
  'reserve',
  'change',
  'withdraw',
]);

/** Opens a club with two lanes, `north` and `south`, whose API wants this key. */
export async function openClub(timeZone: string, key: string): Promise<OpenClub> {
  const user = new Studio(() => Date.now(), { timeZone, units: ['north', 'south'] });
  const club = new ImaginaryClub(user);
  const server = createServer((request, response) => {
    void answerTo(request, club, key)
      .catch((error: unknown) => ({ status: 503, problem: String(error) }))
      .then((answer) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(answer));
      });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { user, address: `http://127.0.0.1:${port}/`, close };
}

async function answerTo(request: IncomingMessage, club: ImaginaryClub, key: string): Promise<unknown> {
  const method = request.url?.slice(1) ?? '';
  if (request.headers.authorization !== `Key ${key}`) return { status: 409, problem: 'The key is not accepted.' };
  if (!METHODS.has(method)) return { status: 404, problem: `There is no ${method}.` };
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const args = JSON.parse(body) as readonly unknown[];
  return Reflect.apply(club[method as keyof ClubApi], club, args);
}
