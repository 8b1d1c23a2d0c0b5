import type { Environment } from '../config/environment.js';
import { EXIT } from '../process/exit-codes.js';
import { adminClient } from './admin-client.js';
import type { Output } from './output.js';

/** `loft-sync replay <id>…`: a running service tries parked appointments again. */
export async function replay(
  environment: Environment,
  output: Output,
  ids: readonly string[],
  json: boolean,
): Promise<number> {
  const client = adminClient(environment);
  if (client.err) {
    output.err(client.val);
    return EXIT.failed;
  }
  const items: { readonly id: string; readonly accepted: boolean; readonly error: string | null }[] = [];
  for (const id of ids) {
    const answer = await client.val.post(`/admin/dead-letters/${encodeURIComponent(id)}/replay`);
    items.push({ id, accepted: answer.ok, error: answer.ok ? null : answer.val });
    if (answer.err) output.err(`${id}: ${answer.val}`);
    else if (!json) output.out(`${id} is tried again.`);
  }
  if (json) output.out(JSON.stringify({ items }, null, 2));
  return items.every(({ accepted }) => accepted) ? EXIT.ok : EXIT.failed;
}
