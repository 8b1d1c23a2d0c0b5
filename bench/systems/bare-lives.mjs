import { bareSqlite, mapRow } from './bare-sqlite.mjs';
import { mapRecord, newTask, NOW } from './records.mjs';

/**
 * All writes of a task, made without the store: the task, the fencing number, the claim, the map, the completion. Each
 * function returns one that makes these writes for the task with that number.
 */

const OWNER = 'bench';
const LEASE_MS = 30_000;
const FREE = { owner: null, leaseUntil: 0, fence: 0, mark: 1, attempts: 0, claims: 0 };

/** Maps with plain copies, without delay. */
export function bareMemoryLife() {
  const tasks = new Map();
  const maps = new Map();
  let fences = 0;
  return {
    live: async (/** @type {number} */ index) => {
      const { appointmentId, ...task } = newTask(index);
      tasks.set(appointmentId, { appointmentId, ...task, ...FREE, createdAt: NOW });
      const found = tasks.get(appointmentId);
      const claimed = { ...found, owner: OWNER, fence: ++fences, leaseUntil: NOW + LEASE_MS, claims: 1 };
      tasks.set(appointmentId, claimed);
      const map = mapRecord(index);
      maps.set(appointmentId, { ...map, base: { ...map.base }, version: 1, fence: claimed.fence });
      tasks.delete(appointmentId);
    },
    close: () => {},
  };
}

/** @param {string} path A file that the store has created. */
export function bareSqliteLife(path) {
  const { connection, insert, close } = bareSqlite(path);
  const taskColumns = ['appointmentId', 'dueAt', 'trigger', 'mark', 'attempts', 'claims', 'createdAt'];
  const addTask = insert('tasks', taskColumns);
  const addMap = insert('bookingEventMaps', Object.keys(mapRow(mapRecord(0))));
  const remove = connection.prepare('DELETE FROM tasks WHERE appointmentId = ?');
  let fence = 0;
  return {
    // Claims and fences are in memory, and nothing waits for the disk (ADR 24).
    live: async (/** @type {number} */ index) => {
      const { event: _, ...task } = newTask(index);
      addTask.run({ ...task, mark: 1, attempts: 0, claims: 0, createdAt: NOW });
      fence++;
      addMap.run(mapRow({ ...mapRecord(index), version: 1, fence }));
      remove.run([task.appointmentId]);
    },
    close,
  };
}

/** @param {any} database The driver's, with the indexes that the store has created. */
export function bareMongoLife(database) {
  const tasks = database.collection('tasks');
  return {
    live: async (/** @type {number} */ index) => {
      const task = newTask(index);
      await tasks.insertOne({ _id: task.appointmentId, ...task, ...FREE, createdAt: NOW });
      const [{ _id }] = await tasks
        .find({ dueAt: { $lte: NOW }, leaseUntil: { $lte: NOW } })
        .sort({ dueAt: 1 })
        .limit(1)
        .toArray();
      const { value: fence } = await database
        .collection('counters')
        .findOneAndUpdate({ _id: 'fence' }, { $inc: { value: 1 } }, { returnDocument: 'after' });
      const claim = { $set: { owner: OWNER, fence, leaseUntil: NOW + LEASE_MS }, $inc: { claims: 1 } };
      await tasks.findOneAndUpdate({ _id }, claim, { returnDocument: 'after' });
      await database.collection('bookingEventMaps').insertOne({ _id, ...mapRecord(index), version: 1, fence });
      await tasks.deleteOne({ _id });
    },
    close: () => {},
  };
}
