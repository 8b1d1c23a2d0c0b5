import { createPrivateKey } from 'node:crypto';
import { Err, Ok, type Result } from '@loft/sync-core/result';

/** The used fields of a service account's JSON key. */
export interface ServiceAccountKey {
  readonly clientEmail: string;
  readonly privateKey: string;
  /** The address that exchanges a signed JWT for an access token. */
  readonly tokenUri: string;
}

const GOOGLE_TOKEN_URI = 'https://oauth2.googleapis.com/token';

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

/**
 * Reads a service account's key from its JSON text. The error is one sentence that names the fault. It quotes
 * nothing of the text, so that it can be logged.
 */
export function readServiceAccountKey(json: string): Result<ServiceAccountKey, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return Err('it is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null) return Err('it is not a JSON object');
  const fields: Partial<Record<string, unknown>> = { ...parsed };
  const { type, client_email: clientEmail, private_key: privateKey, token_uri: tokenUri = GOOGLE_TOKEN_URI } = fields;
  if (type !== 'service_account') return Err('its "type" is not "service_account"');
  if (typeof clientEmail !== 'string' || clientEmail === '') return Err('it has no "client_email"');
  if (typeof privateKey !== 'string' || !isPrivateKey(privateKey)) return Err('its "private_key" is not an RSA key');
  if (typeof tokenUri !== 'string' || !isHttpUrl(tokenUri)) return Err('its "token_uri" is not an address');
  return Ok({ clientEmail, privateKey, tokenUri });
}
