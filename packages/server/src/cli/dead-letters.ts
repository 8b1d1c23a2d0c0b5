import { Err, Ok, type Result } from '@loft/sync-core';
import * as z from 'zod';
import type { Environment } from '../config/environment.js';
import { EXIT } from '../process/exit-codes.js';
import { adminClient, type AdminClient } from './admin-client.js';
import type { Output } from './output.js';
import { table } from './table.js';

/** The answer of `/admin/dead-letters`, as far as it is shown. */
const deadLettersAnswer = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      appointmentId: z.string(),
      reason: z.string().nullable(),
      attempts: z.number(),
      error: z.object({ kind: z.string(), message: z.string() }),
      at: z.string(),
    }),
  ),
  next: z.string().nullable(),
});

type Letter = z.output<typeof deadLettersAnswer>['items'][number];

async function allLetters(client: AdminClient): Promise<Result<readonly Letter[], string>> {
  const letters: Letter[] = [];
  let after = '';
  for (;;) {
    const answer = await client.get(`/admin/dead-letters?limit=500${after}`);
    if (answer.err) return answer;
    const page = deadLettersAnswer.safeParse(answer.val);
    if (!page.success) return Err('The answer is not that of this version of the service.');
    letters.push(...page.data.items);
    if (page.data.next === null) return Ok(letters);
    after = `&after=${encodeURIComponent(page.data.next)}`;
  }
}

/** `loft-sync dead-letters`: what a running service has parked. */
export async function deadLetters(environment: Environment, output: Output, json: boolean): Promise<number> {
  const client = adminClient(environment);
  const letters = client.ok ? await allLetters(client.val) : client;
  if (letters.err) {
    output.err(letters.val);
    return EXIT.failed;
  }
  if (json) output.out(JSON.stringify(letters.val, null, 2));
  else if (letters.val.length === 0) output.out('There are no dead letters.');
  else {
    const rows = letters.val.map(({ id, reason, attempts, at, error }) => [
      id,
      reason ?? '',
      String(attempts),
      at,
      `${error.kind}: ${error.message}`,
    ]);
    output.out(table(['appointment', 'reason', 'attempts', 'since', 'error'], rows));
  }
  return EXIT.ok;
}
