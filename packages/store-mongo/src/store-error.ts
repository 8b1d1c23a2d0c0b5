import type { SyncError, SyncErrorKind } from '@loft/sync-core';
import {
  BSON,
  MongoBulkWriteError,
  MongoCompatibilityError,
  MongoError,
  MongoInvalidArgumentError,
  MongoMissingCredentialsError,
  MongoMissingDependencyError,
  MongoNetworkError,
  MongoServerError,
  MongoSystemError,
} from 'mongodb';

/** An address, or options, that no client can be made of. */
export class UnusableAddress extends Error {
  override readonly name = 'UnusableAddress';
}

const DUPLICATE_KEY = 11000;

/** The server's codes that do not pass, by what they mean for us. Every other one may be over the next time. */
const LASTING: Readonly<Record<number, SyncErrorKind>> = {
  [DUPLICATE_KEY]: 'conflict',
  2: 'invalid', // BadValue
  9: 'invalid', // FailedToParse
  13: 'forbidden', // Unauthorized: known, but may not
  14: 'invalid', // TypeMismatch
  18: 'unauthorized', // AuthenticationFailed
  20: 'invalid', // IllegalOperation
  59: 'invalid', // CommandNotFound
  73: 'invalid', // InvalidNamespace
  85: 'invalid', // IndexOptionsConflict
  86: 'invalid', // IndexKeySpecsConflict
  115: 'invalid', // CommandNotSupported
  121: 'invalid', // DocumentValidationFailure
  238: 'invalid', // NotImplemented
  8000: 'unauthorized', // AtlasError: wrong user or password
  10334: 'invalid', // BSONObjectTooLarge
};

/** A wrong address or option, a server that is too old, a value that cannot be written down. */
const OURS_TO_PUT_RIGHT = [
  UnusableAddress,
  MongoInvalidArgumentError,
  MongoMissingCredentialsError,
  MongoMissingDependencyError,
  MongoCompatibilityError,
  BSON.BSONError,
] as const;

/** What Node's name resolution fails with; it comes through the driver as it is. */
const RESOLVER_CODES: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'ETIMEOUT', 'ESERVFAIL', 'EAI_AGAIN']);

export function storeError(method: string, kind: SyncErrorKind, message: string, code?: number | string): SyncError {
  return { kind, system: 'store', method, message, ...(code !== undefined && { reason: String(code) }) };
}

/** What the driver threw, as a value; null for what it never throws, which is a bug of ours. */
export function asStoreError(method: string, thrown: unknown): SyncError | null {
  if (!(thrown instanceof Error)) return null;
  const message = withoutCredentials(`MongoDB: ${thrown.message}`);
  if (thrown instanceof MongoServerError) {
    return storeError(method, LASTING[Number(thrown.code)] ?? 'transient', message, thrown.code);
  }
  if (thrown instanceof MongoNetworkError || thrown instanceof MongoSystemError) {
    return storeError(method, 'transient', message, thrown.name);
  }
  if (OURS_TO_PUT_RIGHT.some((kind) => thrown instanceof kind)) {
    return storeError(method, 'invalid', message, thrown.name);
  }
  // What is left of the driver's own: a pool that was cleared, a queue that took too long, a client being closed.
  if (thrown instanceof MongoError) return storeError(method, 'transient', message, thrown.name);
  if ('code' in thrown && RESOLVER_CODES.has(String(thrown.code))) {
    return storeError(method, 'transient', message, String(thrown.code));
  }
  return null;
}

/** Somebody else stored a document under the same key first. */
export function isDuplicateKey(thrown: unknown): boolean {
  if (thrown instanceof MongoBulkWriteError) {
    const errors = [thrown.writeErrors].flat();
    return errors.length > 0 && errors.every((error) => error.code === DUPLICATE_KEY);
  }
  return thrown instanceof MongoServerError && thrown.code === DUPLICATE_KEY;
}

/** User and password of an address, wherever one is quoted. */
export function withoutCredentials(text: string): string {
  return text.replace(/(mongodb(?:\+srv)?:\/\/)[^\s"'@]*@/g, '$1***@');
}
