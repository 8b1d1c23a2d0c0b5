import { EXIT } from '../../process/exit-codes.js';
import type { CommandContext } from '../command.js';
import { adminClient, type AdminClient, type JsonObject, type Reply } from './admin-client.js';

/** The error of an answer in an unexpected form. */
export const OTHER_VERSION = 'The answer is from another version of the service. Try --json.';

/** Formats a text or a number of an answer; empty for any other value. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Prints an error and returns the exit code. */
export function fail({ output }: CommandContext, error: string): number {
  output.err(error);
  return EXIT.failed;
}

/** Prints a document. */
export function printJson({ output }: CommandContext, document: unknown): void {
  output.out(JSON.stringify(document, null, 2));
}

/** Calls `run` with a client of the service; prints the error if there is none. */
export async function withClient(
  context: CommandContext,
  run: (client: AdminClient) => Promise<number>,
): Promise<number> {
  const client = adminClient(context.environment);
  return client.ok ? run(client.value) : fail(context, client.error);
}

/** Reads all pages of a list. */
export async function allItems(
  client: AdminClient,
  path: string,
): Promise<Reply<{ readonly items: readonly JsonObject[]; readonly timeZone: string }>> {
  const items: JsonObject[] = [];
  let after = '';
  for (;;) {
    const answer = await client.get(`${path}?limit=500${after}`);
    if (!answer.ok) return answer;
    const { items: page, next, timeZone } = answer.value;
    if (!Array.isArray(page)) return { ok: false, error: OTHER_VERSION };
    items.push(...(page as JsonObject[]));
    if (typeof next !== 'string') return { ok: true, value: { items, timeZone: textOf(timeZone) || 'UTC' } };
    after = `&after=${encodeURIComponent(next)}`;
  }
}
