import { createHmac, randomBytes } from 'node:crypto';
import { HOUR, type Instant } from '@loft/sync-core';
import { sameSecret } from '../same-secret.js';

export const SESSION_COOKIE = 'loft_session';

/** After so long one has to sign in again. */
export const SESSION_MS: number = 12 * HOUR;

/** Makes and recognises the console's session cookies. */
export interface Sessions {
  /** A cookie's value for somebody who has just signed in. */
  open(now: Instant): string;
  /** Was it made here, and does it still hold? */
  isOpen(cookie: string, now: Instant): boolean;
  /** What a form of this session must carry, so that no other page can send one. */
  formToken(cookie: string): string;
}

/**
 * Sessions without a store: the cookie says until when it holds, signed with a key made from the admin token. So it holds
 * on every replica and over a restart, and no longer than the token; the token itself is not in it.
 */
export function sessions(adminToken: string): Sessions {
  const key = createHmac('sha256', adminToken).update('loft-sync console').digest();
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('base64url');
  return {
    open: (now) => {
      const claim = `${now + SESSION_MS}.${randomBytes(12).toString('base64url')}`;
      return `${claim}.${sign(`session ${claim}`)}`;
    },
    isOpen: (cookie, now) => {
      const parts = /^(?<claim>(?<until>\d{1,16})\.[\w-]{16})\.(?<signature>[\w-]{43})$/.exec(cookie)?.groups;
      if (!parts) return false;
      const { claim = '', signature = '', until = '0' } = parts;
      return sameSecret(signature, sign(`session ${claim}`)) && Number(until) > now;
    },
    formToken: (cookie) => sign(`form ${cookie}`),
  };
}
