import type { JsonObject } from './json.js';

/** An error of the API (docs/google-calendar.md#errors). */
export interface ApiError {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly domain?: string;
  /** What the error is about: the name of a parameter or header. */
  readonly location?: string;
  readonly locationType?: 'parameter' | 'header';
  /** Value of the `Retry-After` header. */
  readonly retryAfter?: string;
}

/** Domains of the reasons that have one of their own; the others are `global`. */
const DOMAINS: Readonly<Record<string, string>> = {
  rateLimitExceeded: 'usageLimits',
  userRateLimitExceeded: 'usageLimits',
  quotaExceeded: 'usageLimits',
  dailyLimitExceeded: 'usageLimits',
  accessNotConfigured: 'usageLimits',
  fullSyncRequired: 'calendar',
  updatedMinTooLongAgo: 'calendar',
  timeRangeEmpty: 'calendar',
  eventTypeRestriction: 'calendar',
  forbiddenForNonOrganizer: 'calendar',
  forbiddenForServiceAccounts: 'calendar',
  requiredAccessLevel: 'calendar',
};

const RATE_DETAILS: JsonObject = {
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason: 'RATE_LIMIT_EXCEEDED',
  domain: 'googleapis.com',
  metadata: {
    service: 'calendar-json.googleapis.com',
    quota_limit: 'defaultPerMinutePerProject',
    quota_limit_value: '600',
  },
};

/** Fields that Google's front end adds to its own errors. */
function additions({ status, reason }: ApiError): JsonObject {
  if (reason === 'authError') return { status: 'UNAUTHENTICATED' };
  if (reason === 'insufficientPermissions') return { status: 'PERMISSION_DENIED' };
  if (reason !== 'rateLimitExceeded' && reason !== 'userRateLimitExceeded') return {};
  return { status: status === 429 ? 'RESOURCE_EXHAUSTED' : 'PERMISSION_DENIED', details: [RATE_DETAILS] };
}

/** The body of an error answer. */
export function errorBody(error: ApiError): JsonObject {
  const { status, reason, message, domain = DOMAINS[reason] ?? 'global', location, locationType } = error;
  const where = location === undefined || locationType === undefined ? {} : { location, locationType };
  return { error: { errors: [{ domain, reason, message, ...where }], code: status, message, ...additions(error) } };
}

function make(
  status: number,
  reason: string,
  message: string,
  where: Pick<ApiError, 'location' | 'locationType'> = {},
): ApiError {
  return { status, reason, message, ...where };
}

function parameter(location: string): Pick<ApiError, 'location' | 'locationType'> {
  return { location, locationType: 'parameter' };
}

export const apiErrors = {
  badRequest: (message: string): ApiError => make(400, 'badRequest', message),
  invalid: (message: string): ApiError => make(400, 'invalid', message),
  invalidParameter: (name: string, message: string): ApiError =>
    make(400, 'invalidParameter', message, parameter(name)),
  invalidToken: (name: string): ApiError => make(400, 'invalid', 'Invalid token value.', parameter(name)),
  required: (message: string): ApiError => make(400, 'required', message),
  requiredParameter: (name: string): ApiError => make(400, 'required', `Required parameter: ${name}`, parameter(name)),
  timeRangeEmpty: (): ApiError => make(400, 'timeRangeEmpty', 'The specified time range is empty.'),
  eventTypeRestriction: (): ApiError =>
    make(400, 'eventTypeRestriction', 'The type of this event cannot be changed, or does not allow that.'),
  channelIdNotUnique: (id: string): ApiError => make(400, 'channelIdNotUnique', `Channel id ${id} not unique`),
  notHttps: (): ApiError => make(400, 'push.webhookUrlNotHttps', 'WebHook callback must be HTTPS'),
  authError: (): ApiError =>
    make(401, 'authError', 'Invalid Credentials', { location: 'Authorization', locationType: 'header' }),
  insufficientScope: (): ApiError =>
    make(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.'),
  writerNeeded: (): ApiError => make(403, 'requiredAccessLevel', 'You need to have writer access to this calendar.'),
  noAttendees: (): ApiError =>
    make(
      403,
      'forbiddenForServiceAccounts',
      'Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.',
    ),
  notFound: (): ApiError => make(404, 'notFound', 'Not Found'),
  duplicate: (): ApiError => make(409, 'duplicate', 'The requested identifier already exists.'),
  deleted: (): ApiError => make(410, 'deleted', 'Resource has been deleted'),
  fullSyncRequired: (): ApiError =>
    make(410, 'fullSyncRequired', 'Sync token is no longer valid, a full sync is required.', parameter('syncToken')),
  updatedMinTooLongAgo: (): ApiError =>
    make(
      410,
      'updatedMinTooLongAgo',
      'The requested minimum modification time lies too far in the past.',
      parameter('updatedMin'),
    ),
  conditionNotMet: (): ApiError =>
    make(412, 'conditionNotMet', 'Precondition Failed', { location: 'If-Match', locationType: 'header' }),
  notSimulated: (what: string): ApiError => make(501, 'notImplemented', `The simulator does not have ${what}.`),
} as const;
