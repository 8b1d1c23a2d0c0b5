import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import { errorOf, isHtml } from './answer-error.js';
import { failure } from './failure.js';
import type { Secrets } from './secrets.js';
import type { HttpAnswer, Transport } from './transport.js';
import type { UScheduleLogin } from './uschedule-options.js';

/** Gets a fresh AuthKey. `unauthorized` if the login is refused, with any 4xx status. */
export type Login = () => Promise<Result<string, SyncError>>;

export interface LoginTools {
  readonly transport: Transport;
  readonly secrets: Secrets;
  readonly now: () => number;
}

export function createLogin(login: UScheduleLogin, tools: LoginTools): Login {
  return login.kind === 'password'
    ? () => tryLogin('validateuser', { UserName: login.username, Password: login.password }, tools)
    : createImpersonation(login.username, tools);
}

/** Newer deployments name the field `FieldName`, older ones `SearchField`; the one that was accepted is kept. */
function createImpersonation(username: string, tools: LoginTools): Login {
  let spellings: readonly string[] = ['FieldName', 'SearchField'];
  return async () => {
    let refusal: SyncError | null = null;
    for (const spelling of spellings) {
      const result = await tryLogin('impersonateuser', { [spelling]: 'username', Value: username }, tools);
      if (result.ok) {
        spellings = [spelling];
        return result;
      }
      if (result.val.kind !== 'unauthorized') return result;
      refusal ??= result.val;
    }
    return Err(refusal ?? failure('unauthorized', 'impersonateuser', 'the login was refused'));
  };
}

async function tryLogin(method: string, body: object, tools: LoginTools): Promise<Result<string, SyncError>> {
  const sent = await tools.transport.send(method, body, null);
  if (!sent.ok) return sent;
  const error = errorOf(method, sent.val, tools.secrets, tools.now());
  if (error) return Err(loginError(method, error));
  return authKeyOf(method, sent.val);
}

/** At a login every refusal is about the credentials, also a 400 or 403. */
function loginError(method: string, error: SyncError): SyncError {
  const { kind, status, reason, payload } = error;
  if (kind !== 'refused' && kind !== 'forbidden' && kind !== 'unauthorized' && kind !== 'not-found') return error;
  return failure(
    'unauthorized',
    method,
    `the login was refused: check the user, the password and the application key${reason ? ` (${reason})` : ''}`,
    { ...(status === undefined ? {} : { status }), ...(reason === undefined ? {} : { reason }), payload },
  );
}

/** The body is never put into an error: it holds, or should hold, the key. */
function authKeyOf(method: string, answer: HttpAnswer): Result<string, SyncError> {
  const { status } = answer;
  let parsed: unknown;
  try {
    parsed = answer.text.trim() === '' ? null : JSON.parse(answer.text);
  } catch {
    // An HTML page comes from a proxy. A text in place of a key is a refusal, also under status 200.
    if (isHtml(answer.text)) return Err(failure('transient', method, 'the answer to the login is a page', { status }));
    return Err(failure('unauthorized', method, 'the login was answered with words and no AuthKey', { status }));
  }
  const key = typeof parsed === 'object' && parsed !== null && 'AuthKey' in parsed ? parsed.AuthKey : null;
  // A key with anything but visible ASCII in it could not be sent as a header.
  if (typeof key === 'string' && /^[\x21-\x7e]+$/.test(key)) return Ok(key);
  return Err(failure('unauthorized', method, 'the login was answered without an AuthKey', { status }));
}
