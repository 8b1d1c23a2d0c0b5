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

/** The error for an invalid address or invalid options. */
export class UnusableAddress extends Error {
  override readonly name = 'UnusableAddress';
}

const DUPLICATE_KEY = 11000;

/** The server's codes for permanent errors, with their kinds. Every other code is transient. */
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

/** Permanent errors of the driver: a wrong address or option, a server that is too old, a value that cannot be stored. */
const OURS_TO_PUT_RIGHT = [
  UnusableAddress,
  MongoInvalidArgumentError,
  MongoMissingCredentialsError,
  MongoMissingDependencyError,
  MongoCompatibilityError,
  BSON.BSONError,
] as const;

/** Codes of Node's name resolution, which the driver passes on. */
const RESOLVER_CODES: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'ETIMEOUT', 'ESERVFAIL', 'EAI_AGAIN']);

export function storeError(method: string, kind: SyncErrorKind, message: string, code?: number | string): SyncError {
  return { kind, system: 'store', method, message, ...(code !== undefined && { reason: String(code) }) };
}

/** Maps an exception of the driver to an error. @returns null for any other exception, which is a bug of ours */
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
  // Other errors of the driver: a cleared pool, a full queue, a client that is closing.
  if (thrown instanceof MongoError) return storeError(method, 'transient', message, thrown.name);
  if ('code' in thrown && RESOLVER_CODES.has(String(thrown.code))) {
    return storeError(method, 'transient', message, String(thrown.code));
  }
  return null;
}

/** Is the error a duplicate key: another replica stored the document first? */
export function isDuplicateKey(thrown: unknown): boolean {
  if (thrown instanceof MongoBulkWriteError) {
    const errors = [thrown.writeErrors].flat();
    return errors.length > 0 && errors.every((error) => error.code === DUPLICATE_KEY);
  }
  return thrown instanceof MongoServerError && thrown.code === DUPLICATE_KEY;
}

/** Matches user and password of a quoted address. */
export function withoutCredentials(text: string): string {
  return text.replace(/(mongodb(?:\+srv)?:\/\/)[^\s"'@]*@/g, '$1***@');
}
