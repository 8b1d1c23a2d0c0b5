import { createHmac, randomBytes } from 'node:crypto';
import { HOUR, type Instant } from '@loft/sync-core';
import type { AdminToken } from '../admins.js';
import { sameSecret } from '../same-secret.js';

export const SESSION_COOKIE = 'loft_session';

/** Maximum duration of a session, in ms. */
export const SESSION_MS: number = 12 * HOUR;

/** The session of a valid cookie. */
export interface Session {
  /** A random id, which identifies the session when it is signed out. */
  readonly id: string;
  readonly until: Instant;
  readonly admin: AdminToken;
}

/** Creates and verifies the console's session cookies. */
export interface Sessions {
  /** Creates the cookie of a person who has just signed in. */
  open(admin: AdminToken, now: Instant): string;
  /** @returns the session of a cookie that was created here and has not expired; null otherwise */
  read(cookie: string, now: Instant): Session | null;
  /** The token that a form of this session must carry, so that no other page can send one. */
  formToken(cookie: string): string;
}

const COOKIE = /^(?<claim>(?<until>\d{1,16})\.(?<id>[\w-]{16})\.(?<name>[\w-]{1,128}))\.(?<signature>[\w-]{43})$/;

function sign(token: string, text: string): string {
  const key = createHmac('sha256', token).update('loft-sync console').digest();
  return createHmac('sha256', key).update(text).digest('base64url');
}

/**
 * Creates sessions without a store: the cookie holds owner and expiry, signed with a key derived from the owner's
 * token. So it is valid on every replica and after a restart, and ends with the token. The token is not in it.
 */
export function sessions(admins: readonly AdminToken[]): Sessions {
  // Forms of a page without a session are bound to this process.
  const formKey = admins[0]?.token ?? randomBytes(32).toString('hex');
  return {
    open: (admin, now) => {
      const name = Buffer.from(admin.name).toString('base64url');
      const claim = `${now + SESSION_MS}.${randomBytes(12).toString('base64url')}.${name}`;
      return `${claim}.${sign(admin.token, `session ${claim}`)}`;
    },
    read: (cookie, now) => {
      const parts = COOKIE.exec(cookie)?.groups;
      if (!parts) return null;
      const { claim = '', id = '', name = '', signature = '', until = '0' } = parts;
      const admin = admins.find((one) => one.name === Buffer.from(name, 'base64url').toString());
      if (!admin || !sameSecret(signature, sign(admin.token, `session ${claim}`)) || Number(until) <= now) return null;
      return { id, until: Number(until), admin };
    },
    formToken: (cookie) => sign(formKey, `form ${cookie}`),
  };
}
