import { sameSecret } from './same-secret.js';

/** The permission of a token: `read` shows, `act` also changes. */
export type AdminRole = 'read' | 'act';

/**
 * A token of `/admin`, `/tasks`, `/metrics` and the console, with the name of its owner (`ADMIN_TOKEN`,
 * `ADMIN_TOKENS`).
 */
export interface AdminToken {
  /** Recorded in the journal with each action of the token. */
  readonly name: string;
  readonly role: AdminRole;
  readonly token: string;
}

/** The name of the owner of `ADMIN_TOKEN`. */
export const ADMIN_NAME = 'admin';

/** Finds the owner of a token. Compares with every token, so that the duration reveals nothing about any of them. */
export function adminWith(token: string, admins: readonly AdminToken[]): AdminToken | null {
  let found: AdminToken | null = null;
  for (const admin of admins) if (sameSecret(token, admin.token)) found ??= admin;
  return found;
}

/** Whether a role includes the required role. */
export function isAllowed(role: AdminRole, asked: AdminRole): boolean {
  return role === 'act' || asked === 'read';
}
