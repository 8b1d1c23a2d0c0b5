import { createPublicKey, createVerify, generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { SECOND, type Instant } from '@loft/sync-core';
import { parseObject, textOf, type JsonObject } from './json.js';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** Audiences that Google accepts for any `token_uri`: its Python library signs for the first one. */
const AUDIENCES: ReadonlySet<unknown> = new Set([
  'https://oauth2.googleapis.com/token',
  'https://www.googleapis.com/oauth2/v4/token',
  'https://accounts.google.com/o/oauth2/token',
]);
/** Default scopes of a token. */
const SCOPES: readonly string[] = [
  'https://www.googleapis.com/auth/calendar.events',
  'https://www.googleapis.com/auth/calendar',
];
const CLOCK_SKEW_SECONDS = 300;
const MAX_LIFETIME_SECONDS = 3600;

export interface TokenIssuerOptions {
  readonly now: () => Instant;
  /** Address of this service account, with which calendars are shared. */
  readonly clientEmail: string;
  readonly tokenLifetimeSeconds: number;
}

/** The answer of the token endpoint. */
export interface TokenAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

export type TokenVerdict = 'good' | 'refused' | 'insufficient-scope';

function refusal(error: string, description: string): TokenAnswer {
  return { status: 400, body: { error, error_description: description } };
}

function readPart(part: string | undefined): JsonObject | null {
  return parseObject(Buffer.from(part ?? '', 'base64url').toString());
}

/** Generated once at run time and shared by all simulators, because generating a key is slow. */
let keyOfProcess: Promise<string> | undefined;

async function makeKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Exchanges signed JWTs for access tokens, for one service account whose key is generated at run time. */
export class TokenIssuer {
  readonly #options: TokenIssuerOptions;
  readonly #privatePem: string;
  readonly #publicKey: KeyObject;
  readonly #tokens = new Map<string, { readonly expiresAt: Instant; readonly scopes: readonly string[] }>();

  private constructor(options: TokenIssuerOptions, privatePem: string) {
    this.#options = options;
    this.#privatePem = privatePem;
    this.#publicKey = createPublicKey(privatePem);
  }

  static async create(options: TokenIssuerOptions): Promise<TokenIssuer> {
    keyOfProcess ??= makeKey();
    return new TokenIssuer(options, await keyOfProcess);
  }

  /** The JSON text of the service account's key. */
  keyJson(tokenUri: string): string {
    const key = {
      type: 'service_account',
      project_id: 'simulator',
      private_key_id: 'simulator',
      private_key: this.#privatePem,
      client_email: this.#options.clientEmail,
      client_id: '100000000000000000000',
      token_uri: tokenUri,
    };
    return JSON.stringify(key, null, 2);
  }

  /** The token request: form fields `grant_type` and `assertion`. */
  answer(form: URLSearchParams, tokenUri: string): TokenAnswer {
    if (form.get('grant_type') !== GRANT_TYPE) return refusal('unsupported_grant_type', 'Invalid grant_type');
    const [head, payload, signature, more] = (form.get('assertion') ?? '').split('.');
    const claims = readPart(payload);
    if (readPart(head)?.['alg'] !== 'RS256' || !claims || signature === undefined || more !== undefined) {
      return refusal('invalid_grant', 'Invalid JWT');
    }
    if (claims['iss'] !== this.#options.clientEmail) {
      return refusal('invalid_grant', 'Invalid grant: account not found');
    }
    const verify = createVerify('RSA-SHA256').update(`${head}.${payload}`);
    if (!verify.verify(this.#publicKey, signature, 'base64url')) {
      return refusal('invalid_grant', 'Invalid JWT Signature.');
    }
    const problem = this.#claimsProblem(claims, tokenUri);
    if (problem !== null) return refusal('invalid_grant', problem);
    const scopes = (textOf(claims['scope']) ?? '').split(' ').filter((scope) => scope !== '');
    if (scopes.length === 0) return refusal('invalid_scope', 'Missing scope.');
    const seconds = this.#options.tokenLifetimeSeconds;
    return { status: 200, body: { access_token: this.issue(scopes), expires_in: seconds, token_type: 'Bearer' } };
  }

  /** Issues an access token without a JWT, as a platform does for its programs. */
  issue(scopes: readonly string[] = SCOPES): string {
    const token = `simulated.${randomBytes(24).toString('base64url')}`;
    this.#tokens.set(token, { expiresAt: this.#options.now() + this.#options.tokenLifetimeSeconds * SECOND, scopes });
    return token;
  }

  /** Checks an `Authorization` header for a method that one of these scopes permits. */
  check(authorization: string | undefined, scopes: readonly string[]): TokenVerdict {
    const token = this.#tokens.get(/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '');
    if (!token || token.expiresAt <= this.#options.now()) return 'refused';
    return token.scopes.some((scope) => scopes.includes(scope)) ? 'good' : 'insufficient-scope';
  }

  /** The answer of the token information endpoint. */
  describe(token: string): TokenAnswer {
    const known = this.#tokens.get(token);
    const left = Math.ceil(((known?.expiresAt ?? 0) - this.#options.now()) / SECOND);
    if (!known || left <= 0) return refusal('invalid_token', 'Invalid Value');
    const body = { azp: '100000000000000000000', aud: '100000000000000000000', scope: known.scopes.join(' ') };
    return { status: 200, body: { ...body, expires_in: String(left), access_type: 'online' } };
  }

  /** Revokes all access tokens. */
  revokeAll(): void {
    this.#tokens.clear();
  }

  #claimsProblem(claims: JsonObject, tokenUri: string): string | null {
    const now = this.#options.now() / SECOND;
    const issued = Number(claims['iat']);
    const expires = Number(claims['exp']);
    if (claims['aud'] !== tokenUri && !AUDIENCES.has(claims['aud'])) return 'Invalid JWT: wrong audience.';
    const inTime = issued <= now + CLOCK_SKEW_SECONDS && expires > now - CLOCK_SKEW_SECONDS;
    if (!inTime || expires - issued > MAX_LIFETIME_SECONDS) {
      return 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.';
    }
    return null;
  }
}
