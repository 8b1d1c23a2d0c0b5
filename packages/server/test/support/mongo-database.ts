import { randomUUID } from 'node:crypto';
import { startMongo, type MongoServer } from '../../../../scripts/mongo.mjs';
import { Line } from './line.js';

/** Building FerretDB for the first time takes minutes. */
const START_TIMEOUT_MS = 20 * 60_000;

const NONE =
  'NO MONGODB SERVER: the tests of several replicas did not run. Set MONGODB_URI, or put mongod or a Go toolchain on the PATH.';

/** Host and port of an address with one host; a line can cut off only one. */
const ADDRESS =
  /^mongodb:\/\/(?<user>[^/@]*@)?(?<host>[^/,:?]+)(?::(?<port>\d+))?(?<path>\/[^?]*)?(?:\?(?<options>.*))?$/;

/** A MongoDB server behind a line that can be cut. */
export class MongoDatabase {
  readonly line: Line;
  readonly source: string;
  readonly #server: MongoServer;
  readonly #address: Readonly<Record<string, string | undefined>>;

  private constructor(server: MongoServer, line: Line, address: Readonly<Record<string, string | undefined>>) {
    this.#server = server;
    this.line = line;
    this.source = server.source;
    this.#address = address;
  }

  static async start(): Promise<MongoDatabase | null> {
    const server = await startMongo({ log: (message) => void process.stderr.write(`${message}\n`) });
    if (!server) return null;
    const address = ADDRESS.exec(server.uri)?.groups;
    if (!address) {
      await server.stop();
      throw new Error('MONGODB_URI must name one host: these tests put a line before it that they can cut');
    }
    const line = await Line.open({ host: address['host'] ?? '', port: Number(address['port'] ?? 27017) });
    return new MongoDatabase(server, line, address);
  }

  /** The address of a new database, through the line. */
  newDatabase(): string {
    const { user = '', options } = this.#address;
    const query = [options, 'directConnection=true'].filter((part) => part !== undefined && part !== '').join('&');
    return `mongodb://${user}127.0.0.1:${this.line.port}/loft-sync-test-${randomUUID()}?${query}`;
  }

  async stop(): Promise<void> {
    await this.line.close();
    await this.#server.stop();
  }
}

/** Tests that need a server. They are skipped with a message if there is none; in CI that is a failure. */
export function describeWithMongo(title: string, timeoutMs: number, body: (mongo: () => MongoDatabase) => void): void {
  describe(title, function () {
    this.timeout(timeoutMs);
    let mongo: MongoDatabase | null = null;

    before('start a MongoDB server', async function () {
      this.timeout(START_TIMEOUT_MS);
      mongo = await MongoDatabase.start();
      if (mongo) return;
      if (process.env['CI'] === 'true') throw new Error(NONE);
      process.stderr.write(`\n*** ${NONE} ***\n\n`);
      this.skip();
    });
    after(() => mongo?.stop());

    body(() => {
      if (!mongo) throw new Error('the server is not started yet');
      return mongo;
    });
  });
}
