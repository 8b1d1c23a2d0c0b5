import type { IncomingMessage } from 'node:http';
import { Err, Ok, type Result } from '@loft/sync-core';

/** Why a body could not be read: larger than allowed, or the caller went away in the middle of it. */
export type BodyFault = 'too-large' | 'aborted';

/**
 * The body's bytes as they came. Nothing beyond the limit is kept; what still arrives after it is thrown away by the
 * server until the request's own time limit ends it.
 */
export async function readRawBody(request: IncomingMessage, limitBytes: number): Promise<Result<Buffer, BodyFault>> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return Err('too-large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (result: Result<Buffer, BodyFault>): void => {
      request.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort);
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limitBytes) settle(Err('too-large'));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(Ok(Buffer.concat(chunks)));
    const onAbort = (): void => settle(Err('aborted'));
    request.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort);
  });
}
