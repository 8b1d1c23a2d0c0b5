import type { IncomingMessage } from 'node:http';
import { Err, Ok, type Result } from '@loft/sync-core';

/** The reason why a body could not be read: it is too large, or the caller closed the connection. */
export type BodyFault = 'too-large' | 'aborted';

/**
 * Reads the bytes of a body. Bytes beyond the limit are not kept; the server discards them until the time limit of the
 * request.
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
