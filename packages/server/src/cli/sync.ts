import type { Environment } from '../config/environment.js';
import { EXIT } from '../process/exit-codes.js';
import { adminClient } from './admin-client.js';
import type { Output } from './output.js';

/** `loft-sync sync`: a running service polls and sweeps now. */
export async function sync(environment: Environment, output: Output, json: boolean): Promise<number> {
  const client = adminClient(environment);
  const answer = client.ok ? await client.val.post('/admin/sync') : client;
  if (answer.err) {
    output.err(answer.val);
    return EXIT.failed;
  }
  output.out(json ? JSON.stringify(answer.val) : 'The service polls USchedule and sweeps the calendars now.');
  return EXIT.ok;
}
