import { openMongoStore } from '@loft/sync-store-mongo';
import { openSqliteStore } from '@loft/sync-store-sqlite';
import { bareSqlite, mapRow } from './bare-sqlite.mjs';
import { mapRecord, NOW } from './records.mjs';

const DAY = 86_400_000;
/** Bookings are spread evenly over this time, half of it in the past. */
const SPAN = 120 * DAY;
const BATCH = 1000;

/** @typedef {{ maps: number, bays: number }} Size */

/** The period from now on that contains `count` maps of a store of that size. @param {Size} size @param {number} count */
export const periodOf = (size, count) => ({ from: NOW, to: NOW + (SPAN / size.maps) * count });

/** @param {Size} size @param {number} from @param {number} count */
function mapsFrom({ maps, bays }, from, count) {
  return Array.from({ length: count }, (_, nth) => {
    const index = from + nth;
    const start = NOW - SPAN / 2 + Math.floor((index * SPAN) / maps);
    return { ...mapRecord(index, { bay: 1 + (index % bays), start }), version: 1 };
  });
}

/** The store on a new file with `size.maps` maps. @param {string} path @param {Size} size */
export async function grownSqlite(path, size) {
  await (await openSqliteStore(path)).unwrap().close();
  const { connection, insert, close } = bareSqlite(path);
  const put = insert('bookingEventMaps', Object.keys(mapRow(mapRecord(0))));
  connection.exec('BEGIN');
  for (const map of mapsFrom(size, 0, size.maps)) put.run(mapRow(map));
  connection.exec('COMMIT');
  close();
  return (await openSqliteStore(path)).unwrap();
}

/**
 * The store in a new database with `size.maps` maps.
 *
 * @param {any} client The driver's. @param {{ name: string, url: string }} database @param {Size} size
 */
export async function grownMongo(client, { name, url }, size) {
  const store = (await openMongoStore(url)).unwrap();
  const collection = client.db(name).collection('bookingEventMaps');
  for (let from = 0; from < size.maps; from += BATCH) {
    const maps = mapsFrom(size, from, Math.min(BATCH, size.maps - from));
    await collection.insertMany(maps.map((map) => ({ _id: map.uscheduleAppointmentId, ...map })));
  }
  return store;
}
