import type { Environment } from '../config/environment.js';
import { EXIT } from '../process/exit-codes.js';
import { adminClient } from './admin-client.js';
import type { Output } from './output.js';

/** `loft-sync replay <id>…`: a running service tries parked appointments again. */
export async function replay(environment: Environment, output: Output, ids: readonly string[]): Promise<number> {
  const client = adminClient(environment);
  if (client.err) {
    output.err(client.val);
    return EXIT.failed;
  }
  let failed = false;
  for (const id of ids) {
    const answer = await client.val.post(`/admin/dead-letters/${encodeURIComponent(id)}/replay`);
    if (answer.ok) output.out(`${id} is tried again.`);
    else {
      failed = true;
      output.err(`${id}: ${answer.val}`);
    }
  }
  return failed ? EXIT.failed : EXIT.ok;
}
