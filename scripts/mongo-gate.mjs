import { createServer, createConnection } from 'node:net';

/** Bits of OP_MSG's flags: no answer follows; more messages belong to this one. */
const MORE_TO_COME = 1 << 1;
const OP_MSG = 2013;

/**
 * A proxy in front of a MongoDB server that passes one command at a time, over all connections.
 *
 * FerretDB 1.x executes an update as a read and a write, so that one of two commands on one document can be
 * lost. MongoDB, Firestore and FerretDB 2 do not. Behind this gate FerretDB 1.x can replace them in tests.
 *
 * @param {{ host: string, port: number }} server
 * @param {number} [port] where to listen; any free one without it
 * @returns {Promise<{ port: number, close(): Promise<void> }>}
 */
export async function startGate(server, port = 0) {
  const sockets = new Set();
  let turn = Promise.resolve();

  /** Runs `work` after all earlier work. */
  const inTurn = (work) => (turn = turn.then(work, work));

  const listener = createServer((client) => {
    const upstream = createConnection(server);
    /** Passes the next command after the answer to the previous one. */
    let answered = null;
    const hangUp = () => {
      if (!client.destroyed) client.destroy();
      // A command that was sent is executed even if its sender ends: no other command may overtake it.
      if (answered === null) upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('close', hangUp);
    upstream.on('close', () => {
      answered?.();
      client.destroy();
    });
    eachMessage(client, (message) =>
      inTurn(async () => {
        if (client.destroyed || upstream.destroyed) return;
        const answer = new Promise((resolve) => (answered = resolve));
        upstream.write(message);
        if (!isOneWay(message)) await answer;
        answered = null;
        if (client.destroyed) hangUp();
      }),
    );
    eachMessage(upstream, (message) => {
      if (!client.destroyed) client.write(message);
      if (!isOneWay(message)) answered?.();
    });
  });

  await new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: listener.address().port,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function isOneWay(message) {
  return message.readInt32LE(12) === OP_MSG && (message.readInt32LE(16) & MORE_TO_COME) !== 0;
}

/** Cuts a stream into messages: each starts with its own length. */
function eachMessage(socket, take) {
  let pending = Buffer.alloc(0);
  socket.on('data', (data) => {
    pending = pending.length === 0 ? data : Buffer.concat([pending, data]);
    while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
      const length = pending.readInt32LE(0);
      take(pending.subarray(0, length));
      pending = pending.subarray(length);
    }
  });
}
