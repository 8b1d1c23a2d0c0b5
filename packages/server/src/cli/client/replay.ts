import { EXIT } from '../../process/exit-codes.js';
import type { CommandContext } from '../command.js';
import { printJson, withClient } from './answer.js';

/** `loft-sync replay <id>…`: retries dead letters in a running service. */
export function replay(context: CommandContext, ids: readonly string[]): Promise<number> {
  return withClient(context, async (client) => {
    const { json, output } = context;
    const items: { readonly id: string; readonly accepted: boolean; readonly error: string | null }[] = [];
    for (const id of ids) {
      const answer = await client.post(`/admin/dead-letters/${encodeURIComponent(id)}/replay`);
      items.push({ id, accepted: answer.ok, error: answer.ok ? null : answer.error });
      if (json) continue;
      if (answer.ok) output.out(`${id} is tried again.`);
      else output.err(`${id}: ${answer.error}`);
    }
    if (json) printJson(context, { items });
    return items.every(({ accepted }) => accepted) ? EXIT.ok : EXIT.failed;
  });
}
