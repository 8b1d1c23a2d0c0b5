import { type CalendarEvent, Err, Ok, type Result, type SyncError, type SyncErrorKind } from '#src/index.js';
import type { EventDraft, EventPage, EventPatch, ListCursor, WatchRequest } from '#src/entries/adapters.js';
import { MemoryCalendars, type MemoryCalendarsOptions } from '#src/testing/index.js';

export interface BrokenCalendars {
  /** The defect. */
  readonly fault: string;
  /** The part of the suite that must find the defect. */
  readonly foundBy: RegExp;
  readonly make: (options: MemoryCalendarsOptions) => MemoryCalendars;
}

type EventResult = Result<CalendarEvent, SyncError>;
type PageResult = Result<EventPage, SyncError>;

/** Changes every event in the answers of these methods. */
function misread(
  change: (event: CalendarEvent) => Partial<CalendarEvent>,
  methods: readonly ('get' | 'list' | 'insert' | 'patch' | 'move')[] = ['get', 'list', 'insert', 'patch', 'move'],
): BrokenCalendars['make'] {
  const wrong = (event: CalendarEvent): CalendarEvent => ({ ...event, ...change(event) });
  return (options) =>
    new (class extends MemoryCalendars {
      override async getEvent(calendarId: string, eventId: string): Promise<EventResult> {
        const event = await super.getEvent(calendarId, eventId);
        return methods.includes('get') ? event.map(wrong) : event;
      }
      override async insertEvent(calendarId: string, eventId: string, draft: EventDraft): Promise<EventResult> {
        const event = await super.insertEvent(calendarId, eventId, draft);
        return methods.includes('insert') ? event.map(wrong) : event;
      }
      override async patchEvent(
        calendarId: string,
        eventId: string,
        patch: EventPatch,
        ifMatch: string | null,
      ): Promise<EventResult> {
        const event = await super.patchEvent(calendarId, eventId, patch, ifMatch);
        return methods.includes('patch') ? event.map(wrong) : event;
      }
      override async moveEvent(calendarId: string, eventId: string, to: string): Promise<EventResult> {
        const event = await super.moveEvent(calendarId, eventId, to);
        return methods.includes('move') ? event.map(wrong) : event;
      }
      override async listEvents(calendarId: string, cursor: ListCursor): Promise<PageResult> {
        const page = await super.listEvents(calendarId, cursor);
        if (!methods.includes('list')) return page;
        return page.map((it) => ({ ...it, events: it.events.map(wrong) }));
      }
    })(options);
}

/** Changes every page of a list. */
function mispage(change: (page: EventPage, cursor: ListCursor) => EventPage): BrokenCalendars['make'] {
  return (options) =>
    new (class extends MemoryCalendars {
      override async listEvents(calendarId: string, cursor: ListCursor): Promise<PageResult> {
        return (await super.listEvents(calendarId, cursor)).map((page) => change(page, cursor));
      }
    })(options);
}

/** Changes every patch before it is made. */
function mispatch(
  change: (patch: EventPatch, ifMatch: string | null) => readonly [EventPatch, string | null],
): BrokenCalendars['make'] {
  return (options) =>
    new (class extends MemoryCalendars {
      override patchEvent(
        calendarId: string,
        eventId: string,
        patch: EventPatch,
        ifMatch: string | null,
      ): Promise<EventResult> {
        return super.patchEvent(calendarId, eventId, ...change(patch, ifMatch));
      }
    })(options);
}

function without(name: 'revive' | 'single', patch: EventPatch): EventPatch {
  const rest = { ...patch };
  delete rest[name];
  return rest;
}

/** Answers errors of the kind `right` with the kind `wrong`. */
function mistaken(wrong: SyncErrorKind, right: SyncErrorKind): BrokenCalendars['make'] {
  const change = (error: SyncError): SyncError => (error.kind === right ? { ...error, kind: wrong } : error);
  return (options) =>
    new (class extends MemoryCalendars {
      override async getEvent(calendarId: string, eventId: string): Promise<EventResult> {
        return (await super.getEvent(calendarId, eventId)).mapErr(change);
      }
      override async insertEvent(calendarId: string, eventId: string, draft: EventDraft): Promise<EventResult> {
        return (await super.insertEvent(calendarId, eventId, draft)).mapErr(change);
      }
      override async patchEvent(
        calendarId: string,
        eventId: string,
        patch: EventPatch,
        ifMatch: string | null,
      ): Promise<EventResult> {
        return (await super.patchEvent(calendarId, eventId, patch, ifMatch)).mapErr(change);
      }
      override async deleteEvent(
        calendarId: string,
        eventId: string,
        ifMatch?: string | null,
      ): Promise<Result<void, SyncError>> {
        return (await super.deleteEvent(calendarId, eventId, ifMatch)).mapErr(change);
      }
      override async listEvents(calendarId: string, cursor: ListCursor): Promise<PageResult> {
        return (await super.listEvents(calendarId, cursor)).mapErr(change);
      }
    })(options);
}

const OK = Ok(undefined);

export const brokenCalendars: readonly BrokenCalendars[] = [
  // -- events as they are read
  { fault: 'forgets the description', foundBy: /inserting/, make: misread(() => ({ description: '' })) },
  {
    fault: 'shows every start one hour late',
    foundBy: /inserting/,
    make: misread(({ start }) => ({ start: (start ?? 0) + 3_600_000 })),
  },
  { fault: 'shows every event as busy', foundBy: /inserting/, make: misread(() => ({ free: false })) },
  { fault: 'returns events without etags', foundBy: /inserting/, make: misread(() => ({ etag: '' })) },
  { fault: 'returns the same etag for all events', foundBy: /patching/, make: misread(() => ({ etag: '"1"' })) },
  {
    fault: 'returns events without the time of their last change',
    foundBy: /inserting/,
    make: misread(() => ({ updatedAt: null })),
  },
  {
    fault: 'returns the same time of the last change for all events',
    foundBy: /edits by users/,
    make: misread(() => ({ updatedAt: 1 })),
  },
  {
    fault: 'answers an insert with a title that it does not store',
    foundBy: /inserting/,
    make: misread(() => ({ title: 'As asked' }), ['insert']),
  },
  {
    fault: 'answers a patch with the marks from before it',
    foundBy: /patching/,
    make: misread(({ marks }) => ({ marks: { ...marks, bay: '1' } }), ['patch']),
  },
  {
    fault: 'loses the id of the write in the marks',
    foundBy: /inserting/,
    make: misread(({ marks }) => ({ marks: { ...marks, write: null } })),
  },
  {
    fault: 'removes the digests that a patch does not contain',
    foundBy: /patching/,
    make: misread(({ marks }) => ({ marks: { ...marks, descriptionDigest: null } }), ['patch']),
  },
  {
    fault: 'names our account as the creator of every event',
    foundBy: /edits by users/,
    make: misread(() => ({ creatorEmail: 'sync-bot@calendars.example' })),
  },
  {
    fault: 'answers a move with the old calendar',
    foundBy: /moving/,
    make: misread(() => ({ calendarId: 'bay-1@calendars.example' }), ['move']),
  },
  {
    fault: 'shows our marks on every event',
    foundBy: /edits by users/,
    make: misread(({ marks }) => ({ marks: { ...marks, managed: true } })),
  },
  {
    fault: 'shows an all-day event as a timed one',
    foundBy: /shapes/,
    make: misread(({ shape }) => ({ shape: shape === 'all-day' ? 'timed' : shape })),
  },
  {
    fault: 'shows a series as a single event',
    foundBy: /shapes/,
    make: misread(({ shape }) => ({ shape: shape === 'recurring' ? 'timed' : shape })),
  },
  {
    fault: 'shows deleted events as live',
    foundBy: /inserting|deleting/,
    make: misread(() => ({ state: 'live' })),
  },
  {
    fault: 'lists deleted events as live',
    foundBy: /moving|an incremental list/,
    make: misread(() => ({ state: 'live' }), ['list']),
  },

  // -- writes
  { fault: 'ignores the etag', foundBy: /patching/, make: mispatch((patch) => [patch, null]) },
  {
    fault: 'requires an etag for every write',
    foundBy: /patching/,
    make: mispatch((patch, ifMatch) => [patch, ifMatch ?? '"0"']),
  },
  {
    fault: 'writes the title again with every patch',
    foundBy: /patching/,
    make: mispatch((patch, ifMatch) => [{ title: 'Ann Example', ...patch }, ifMatch]),
  },
  {
    fault: 'does not accept an empty text in a patch',
    foundBy: /patching/,
    make: mispatch(({ description, ...patch }, ifMatch) => [description ? { ...patch, description } : patch, ifMatch]),
  },
  {
    fault: 'restores a deleted event with every patch',
    foundBy: /restoring/,
    make: mispatch((patch, ifMatch) => [{ ...patch, revive: true }, ifMatch]),
  },
  {
    fault: 'never restores a deleted event',
    foundBy: /restoring/,
    make: mispatch((patch, ifMatch) => [without('revive', patch), ifMatch]),
  },
  {
    fault: 'never makes a series a single event',
    foundBy: /shapes/,
    make: mispatch((patch, ifMatch) => [without('single', patch), ifMatch]),
  },
  {
    fault: 'lets an insert replace an event with the same id',
    foundBy: /inserting/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override async insertEvent(calendarId: string, eventId: string, draft: EventDraft): Promise<EventResult> {
          const inserted = await super.insertEvent(calendarId, eventId, draft);
          if (inserted.ok || inserted.val.kind !== 'conflict') return inserted;
          return this.patchEvent(calendarId, eventId, { ...draft, revive: true }, null);
        }
      })(options),
  },
  {
    fault: 'answers a deletion with success and does not delete',
    foundBy: /inserting|deleting/,
    make: (options) => Object.assign(new MemoryCalendars(options), { deleteEvent: async () => OK }),
  },
  {
    fault: 'deletes with any etag',
    foundBy: /deleting/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override deleteEvent(calendarId: string, eventId: string): Promise<Result<void, SyncError>> {
          return super.deleteEvent(calendarId, eventId);
        }
      })(options),
  },
  {
    fault: 'moves by making a copy',
    foundBy: /moving/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override async moveEvent(calendarId: string, eventId: string, to: string): Promise<EventResult> {
          const event = await super.getEvent(calendarId, eventId);
          if (event.err) return event;
          const { start, end, title, description, free, marks } = event.val;
          const times = { start: start ?? 0, end: end ?? 0 };
          const ids = { appointmentId: marks.appointmentId ?? '', bay: marks.bay ?? '' };
          return this.insertEvent(to, eventId, { ...times, ...ids, title, description, free });
        }
      })(options),
  },
  {
    fault: 'throws',
    foundBy: /inserting/,
    make: (options) =>
      Object.assign(new MemoryCalendars(options), { insertEvent: () => Promise.reject(new Error('no network')) }),
  },

  // -- errors
  {
    fault: 'answers a transient error for an unknown event',
    foundBy: /patching/,
    make: mistaken('transient', 'not-found'),
  },
  { fault: 'answers not-found for a deleted event', foundBy: /deleting/, make: mistaken('not-found', 'gone') },
  { fault: 'answers invalid for a conflict', foundBy: /inserting/, make: mistaken('invalid', 'conflict') },
  {
    fault: 'answers a transient error for an invalid request',
    foundBy: /inserting/,
    make: mistaken('transient', 'invalid'),
  },
  {
    fault: 'answers invalid for an expired sync token',
    foundBy: /sync tokens/,
    make: mistaken('invalid', 'token-expired'),
  },
  {
    fault: 'answers not-found for a missing right',
    foundBy: /access/,
    make: mistaken('not-found', 'forbidden'),
  },

  // -- lists
  {
    fault: 'lists only live events',
    foundBy: /moving|an incremental list/,
    make: mispage((page) => ({ ...page, events: page.events.filter(({ state }) => state === 'live') })),
  },
  {
    fault: 'loses the first event of every page',
    foundBy: /a full list|moving/,
    make: mispage((page) => ({ ...page, events: page.events.slice(1) })),
  },
  {
    fault: 'ends after the first page',
    foundBy: /a full list/,
    make: mispage((page) => ({ ...page, nextPageToken: null, nextSyncToken: page.nextSyncToken ?? 'none' })),
  },
  {
    fault: 'ignores the maximum size of a page',
    foundBy: /a full list/,
    make: (options) => new MemoryCalendars({ ...options, pageSize: 2500 }),
  },
  {
    fault: 'returns a sync token with every page',
    foundBy: /a full list/,
    make: mispage((page) => ({ ...page, nextSyncToken: page.nextSyncToken ?? page.nextPageToken })),
  },
  {
    fault: 'does not report the right to write',
    foundBy: /access/,
    make: mispage((page) => ({ ...page, writable: null })),
  },
  {
    fault: 'always reports the right to write',
    foundBy: /access/,
    make: mispage((page) => ({ ...page, writable: true })),
  },
  {
    fault: 'lists in full with any token',
    foundBy: /moving|list/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override listEvents(calendarId: string, { pageToken }: ListCursor): Promise<PageResult> {
          return super.listEvents(calendarId, { syncToken: null, pageToken });
        }
      })(options),
  },
  {
    fault: 'returns a sync token that misses changes made while the pages were read',
    foundBy: /loses no change/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override async listEvents(calendarId: string, cursor: ListCursor): Promise<PageResult> {
          const page = await super.listEvents(calendarId, cursor);
          if (page.err || page.val.nextSyncToken === null || cursor.pageToken === null) return page;
          let nextSyncToken: string | null = null;
          for (let pageToken: string | null = null; nextSyncToken === null;) {
            const full: EventPage = (await super.listEvents(calendarId, { syncToken: null, pageToken })).unwrap();
            ({ nextSyncToken, nextPageToken: pageToken } = full);
          }
          return Ok({ ...page.val, nextSyncToken });
        }
      })(options),
  },
  {
    fault: 'lists tombstones that have expired',
    foundBy: /sync tokens/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override expireSyncTokens(): void {
          super.expireSyncTokens({ forgetDeleted: false });
        }
      })(options),
  },
  {
    fault: 'treats an invalid token as the start',
    foundBy: /sync tokens/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override async listEvents(calendarId: string, cursor: ListCursor): Promise<PageResult> {
          const page = await super.listEvents(calendarId, cursor);
          if (page.ok || page.val.kind !== 'invalid') return page;
          return super.listEvents(calendarId, { syncToken: null, pageToken: null });
        }
      })(options),
  },

  // -- channels
  {
    fault: 'sends no notifications',
    foundBy: /watch channels/,
    make: (options) => Object.assign(new MemoryCalendars(options), { onNotification: undefined }),
  },
  {
    fault: 'loses the token of a channel',
    foundBy: /watch channels/,
    make: ({ onNotification, ...options }) =>
      new MemoryCalendars({ ...options, onNotification: (it) => onNotification?.({ ...it, token: '' }) }),
  },
  {
    fault: 'opens channels that never expire',
    foundBy: /watch channels/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override watch(request: WatchRequest): ReturnType<MemoryCalendars['watch']> {
          return super.watch({ ...request, ttlSeconds: 10 * request.ttlSeconds });
        }
      })(options),
  },
  {
    fault: 'opens two channels with the same id',
    foundBy: /watch channels/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override async watch(request: WatchRequest): ReturnType<MemoryCalendars['watch']> {
          const grant = await super.watch(request);
          return grant.ok ? grant : super.watch({ ...request, channelId: `${request.channelId}-again` });
        }
      })(options),
  },
  {
    fault: 'throws for an unknown token',
    foundBy: /every call|sync tokens/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override listEvents(calendarId: string, cursor: ListCursor): Promise<Result<EventPage, SyncError>> {
          if (cursor.syncToken === 'none') throw new RangeError('no such token');
          return super.listEvents(calendarId, cursor);
        }
      })(options),
  },
  {
    fault: 'does not stop channels',
    foundBy: /watch channels/,
    make: (options) => Object.assign(new MemoryCalendars(options), { stopChannel: async () => OK }),
  },
  {
    fault: 'answers an error for a channel that is already stopped',
    foundBy: /watch channels/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override async stopChannel(channelId: string, resourceId: string): Promise<Result<void, SyncError>> {
          if (this.channels.some((channel) => channel.channelId === channelId)) {
            return super.stopChannel(channelId, resourceId);
          }
          return Err({ kind: 'not-found', system: 'google', method: 'channels.stop', message: 'unknown channel' });
        }
      })(options),
  },
];
