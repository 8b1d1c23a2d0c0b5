import type { JsonObject } from './json.js';

/** An error as the API answers it (docs/google-calendar.md#errors). */
export interface ApiError {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly domain?: string;
  /** Value of the `Retry-After` header. */
  readonly retryAfter?: string;
}

/** The body of an error answer. */
export function errorBody(error: ApiError): JsonObject {
  const { status, reason, message, domain = 'global' } = error;
  return { error: { code: status, message, errors: [{ domain, reason, message }] } };
}

function make(status: number, reason: string, message: string): ApiError {
  return { status, reason, message };
}

export const apiErrors = {
  badRequest: (message: string): ApiError => make(400, 'badRequest', message),
  invalid: (message: string): ApiError => make(400, 'invalid', message),
  required: (message: string): ApiError => make(400, 'required', message),
  timeRangeEmpty: (): ApiError => make(400, 'timeRangeEmpty', 'The specified time range is empty.'),
  channelIdNotUnique: (id: string): ApiError => make(400, 'channelIdNotUnique', `Channel id ${id} not unique`),
  notHttps: (address: string): ApiError =>
    make(400, 'webhookUrlNotHttps', `WebHook callback must be HTTPS: ${address}`),
  authError: (): ApiError => make(401, 'authError', 'Invalid Credentials'),
  insufficientScope: (): ApiError =>
    make(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.'),
  writerNeeded: (): ApiError => make(403, 'requiredAccessLevel', 'You need to have writer access to this calendar.'),
  notFound: (): ApiError => make(404, 'notFound', 'Not Found'),
  duplicate: (): ApiError => make(409, 'duplicate', 'The requested identifier already exists.'),
  deleted: (): ApiError => make(410, 'deleted', 'Resource has been deleted'),
  fullSyncRequired: (): ApiError =>
    make(410, 'fullSyncRequired', 'Sync token is no longer valid, a full sync is required.'),
  conditionNotMet: (): ApiError => make(412, 'conditionNotMet', 'Precondition Failed'),
  notSimulated: (what: string): ApiError => make(501, 'notImplemented', `The simulator does not have ${what}.`),
} as const;
