import { Ok, type BookingEventMap, type Instant } from '@loft/sync-core';
import type { MapQuery, StoreResult } from '@loft/sync-core/store';
import { Breakable, giveWay, type BrokenStores } from './breakable.js';

/** Stores with a defect in their maps. */
export const brokenMaps: BrokenStores = {
  'a stale version is overwritten': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      return super.putMap({ ...map, version: this.data.maps.get(map.uscheduleAppointmentId)?.version ?? 0 });
    }
  },
  'a map is stored as new although one exists': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      const version = this.data.maps.get(map.uscheduleAppointmentId)?.version ?? 0;
      return super.putMap(map.version === 0 ? { ...map, version } : map);
    }
  },
  'a new map is stored under any version': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      return super.putMap(this.data.maps.has(map.uscheduleAppointmentId) ? map : { ...map, version: 0 });
    }
  },
  'the version is compared before and not while writing': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      const version = this.data.maps.get(map.uscheduleAppointmentId)?.version ?? 0;
      if (version !== map.version) return super.putMap(map);
      await giveWay();
      return super.putMap({ ...map, version: this.data.maps.get(map.uscheduleAppointmentId)?.version ?? 0 });
    }
  },
  'a lower fence may write a map': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      const fence = this.data.maps.get(map.uscheduleAppointmentId)?.fence ?? 0;
      return super.putMap({ ...map, fence: Math.max(map.fence, fence) });
    }
  },
  'an equal fence may not write a map': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      return super.putMap(
        this.data.maps.get(map.uscheduleAppointmentId)?.fence === map.fence ? { ...map, fence: -1 } : map,
      );
    }
  },
  'a conflict is reported as something else': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      return (await super.putMap(map)).mapErr((error) => ({ ...error, kind: 'transient' as const }));
    }
  },
  'putMap returns the given map instead of the stored one': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      return (await super.putMap(map)).map(() => map);
    }
  },
  'a field of the map is lost': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      return super.putMap({ ...map, eventUpdatedAt: null });
    }
  },
  'a null of the map becomes an empty text': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      return super.putMap({ ...map, base: { ...map.base, bay: map.base.bay ?? '' } });
    }
  },
  'text is stored with one byte per character': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      const title = map.base.title.replace(/[^\0-ÿ]/gu, '?');
      return super.putMap({ ...map, base: { ...map.base, title } });
    }
  },
  'an ended intent stays in the map': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      return super.putMap({
        ...map,
        intent: map.intent ?? this.data.maps.get(map.uscheduleAppointmentId)?.intent ?? null,
      });
    }
  },
  'the stored map is the object of the caller, not a copy': class extends Breakable {
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      const answer = await super.putMap(map);
      if (answer.err) return answer;
      const stored = { ...map, version: answer.val.version };
      this.data.maps.set(map.uscheduleAppointmentId, stored);
      return Ok(stored);
    }
  },
  'the map of an event is the one stored first': class extends Breakable {
    override async findMapByEvent(eventId: string): StoreResult<BookingEventMap | null> {
      return Ok([...this.data.maps.values()].find((map) => map.googleEventId === eventId) ?? null);
    }
  },
  'the map of an event is the one stored last': class extends Breakable {
    override async findMapByEvent(eventId: string): StoreResult<BookingEventMap | null> {
      return Ok([...this.data.maps.values()].findLast((map) => map.googleEventId === eventId) ?? null);
    }
  },
  'only ACTIVE maps are found by their event': class extends Breakable {
    override async findMapByEvent(eventId: string): StoreResult<BookingEventMap | null> {
      return (await super.findMapByEvent(eventId)).map((map) => (map?.status === 'ACTIVE' ? map : null));
    }
  },
  'a map is found by its previous event': class extends Breakable {
    readonly #seen = new Map<string, string>();
    override async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
      this.#seen.set(map.googleEventId, map.uscheduleAppointmentId);
      return super.putMap(map);
    }
    override async findMapByEvent(eventId: string): StoreResult<BookingEventMap | null> {
      const found = await super.findMapByEvent(eventId);
      return found.ok && found.val ? found : this.getMap(this.#seen.get(eventId) ?? '');
    }
  },
  'maps are listed in the order of their storing': class extends Breakable {
    override async listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]> {
      const listed = (await super.listMaps(query)).unwrap();
      return Ok([...this.data.maps.values()].filter((map) => listed.includes(map)));
    }
  },
  'maps are listed in the numeric order of their ids': class extends Breakable {
    override async listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]> {
      const byNumber = (map: BookingEventMap): number => Number.parseInt(map.uscheduleAppointmentId, 10) || 0;
      return (await super.listMaps(query)).map((maps) => [...maps].sort((a, b) => byNumber(a) - byNumber(b)));
    }
  },
  'a page of maps skips its first map': class extends Breakable {
    override async listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]> {
      if (query.after === undefined || query.limit === undefined) return super.listMaps(query);
      return (await super.listMaps({ ...query, limit: query.limit + 1 })).map((maps) => maps.slice(1));
    }
  },
  'a page of maps repeats the last map of the previous page': class extends Breakable {
    override async listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]> {
      const { after, ...rest } = query;
      const all = (await super.listMaps(rest)).unwrap();
      return Ok(after === undefined ? all : all.filter((map) => map.uscheduleAppointmentId >= after));
    }
  },
  'the limit of a page of maps is ignored': class extends Breakable {
    override async listMaps({ limit: _, ...query }: MapQuery): StoreResult<readonly BookingEventMap[]> {
      return super.listMaps(query);
    }
  },
  'the filter by status is ignored': class extends Breakable {
    override async listMaps({ status: _, ...query }: MapQuery): StoreResult<readonly BookingEventMap[]> {
      return super.listMaps(query);
    }
  },
  'the filter by calendar is ignored': class extends Breakable {
    override async listMaps({ calendarId: _, ...query }: MapQuery): StoreResult<readonly BookingEventMap[]> {
      return super.listMaps(query);
    }
  },
  'the filter by bay is ignored': class extends Breakable {
    override async listMaps({ bay: _, ...query }: MapQuery): StoreResult<readonly BookingEventMap[]> {
      return super.listMaps(query);
    }
  },
  'the filter by intent is ignored': class extends Breakable {
    override async listMaps({ withIntent: _, ...query }: MapQuery): StoreResult<readonly BookingEventMap[]> {
      return super.listMaps(query);
    }
  },
  'a period includes its end': class extends Breakable {
    override async listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]> {
      if (!query.period) return super.listMaps(query);
      return super.listMaps({ ...query, period: { from: query.period.from, to: query.period.to + 1 } });
    }
  },
  'maps are removed too early': class extends Breakable {
    override async forgetMaps(before: Instant): StoreResult<void> {
      return super.forgetMaps(before + 1);
    }
  },
  'maps are removed by the end of their visit alone': class extends Breakable {
    override async forgetMaps(before: Instant): StoreResult<void> {
      return this.forgetWhere((map) => map.base.end < before && map.intent === null);
    }
  },
  'maps are removed by the time of their last write alone': class extends Breakable {
    override async forgetMaps(before: Instant): StoreResult<void> {
      return this.forgetWhere((map) => map.lastSyncedAt < before && map.intent === null);
    }
  },
  'a map with an intent is removed': class extends Breakable {
    override async forgetMaps(before: Instant): StoreResult<void> {
      return this.forgetWhere((map) => map.base.end < before && map.lastSyncedAt < before);
    }
  },
  'maps are never removed': class extends Breakable {
    override async forgetMaps(): StoreResult<void> {
      return Ok.EMPTY;
    }
  },
  'a removed map is still found by its event': class extends Breakable {
    override async forgetMaps(before: Instant): StoreResult<void> {
      const kept = new Map(this.data.maps);
      const forgotten = await super.forgetMaps(before);
      this.findMapByEvent = async (eventId) =>
        Ok([...kept.values()].find((map) => map.googleEventId === eventId) ?? null);
      return forgotten;
    }
  },
};
