import { sameSecret } from './same-secret.js';

/** What a token allows: `read` looks, `act` also changes something. */
export type AdminRole = 'read' | 'act';

/** A token of `/admin`, `/tasks`, `/metrics` and the console, and whose it is (`ADMIN_TOKEN`, `ADMIN_TOKENS`). */
export interface AdminToken {
  /** Stands in the journal beside what was done with the token. */
  readonly name: string;
  readonly role: AdminRole;
  readonly token: string;
}

/** The name that goes with `ADMIN_TOKEN`. */
export const ADMIN_NAME = 'admin';

/** Finds whose token this is. Compares with every token, so that the time taken says nothing about any of them. */
export function adminWith(token: string, admins: readonly AdminToken[]): AdminToken | null {
  let found: AdminToken | null = null;
  for (const admin of admins) if (sameSecret(token, admin.token)) found ??= admin;
  return found;
}

/** Whether a role allows what is asked for. */
export function isAllowed(role: AdminRole, asked: AdminRole): boolean {
  return role === 'act' || asked === 'read';
}
