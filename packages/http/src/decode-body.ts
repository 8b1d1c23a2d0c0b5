import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

type Decode = (body: Uint8Array) => Promise<Uint8Array>;

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks);
}

/**
 * Decodes a body as UTF-8 text.
 *
 * @param encoding the `Content-Encoding` header
 * @throws an `Error` with a `code` if the body is not in the form that the header names
 */
export async function decodeBody(chunks: readonly Buffer[], encoding: string | undefined): Promise<string> {
  if (chunks.length === 0) return '';
  const decode = DECODERS[encoding?.trim().toLowerCase() ?? ''];
  const bytes = decode ? Buffer.from(await decode(joined(chunks))) : joined(chunks);
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}
