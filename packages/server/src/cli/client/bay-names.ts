import type { AdminClient, JsonObject } from './admin-client.js';
import { textOf } from './answer.js';

/** Reads the names of the bays. @returns the name of a short name; the short name itself if the bay is not configured */
export async function bayNames(client: Pick<AdminClient, 'get'>): Promise<(bay: unknown) => string> {
  const status = await client.get('/admin/status');
  const bays = status.ok && Array.isArray(status.value['bays']) ? (status.value['bays'] as JsonObject[]) : [];
  return (bay) => textOf(bays.find((one) => one['bay'] === bay)?.['name'] ?? bay);
}
