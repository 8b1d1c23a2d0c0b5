import { type CalendarEvent, Err, Ok, type Result, type SyncError, type SyncErrorKind } from '#src/index.js';
import type { EventDraft, EventPage, EventPatch, ListCursor, WatchRequest } from '#src/entries/adapters.js';
import { MemoryCalendars, type MemoryCalendarsOptions } from '#src/testing/index.js';

export interface BrokenCalendars {
  /** What is wrong with it. */
  readonly fault: string;
  /** The part of the suite that has to find it. */
  readonly foundBy: RegExp;
  readonly make: (options: MemoryCalendarsOptions) => MemoryCalendars;
}

type EventResult = Result<CalendarEvent, SyncError>;
type PageResult = Result<EventPage, SyncError>;

/** Every event that is answered by one of these methods is changed on its way. */
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

/** Every page is changed on its way. */
function mispage(change: (page: EventPage, cursor: ListCursor) => EventPage): BrokenCalendars['make'] {
  return (options) =>
    new (class extends MemoryCalendars {
      override async listEvents(calendarId: string, cursor: ListCursor): Promise<PageResult> {
        return (await super.listEvents(calendarId, cursor)).map((page) => change(page, cursor));
      }
    })(options);
}

/** Patches are changed before they are made. */
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

/** Errors of one kind are answered as another one. */
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
    fault: 'is an hour off',
    foundBy: /inserting/,
    make: misread(({ start }) => ({ start: (start ?? 0) + 3_600_000 })),
  },
  { fault: 'shows all as busy', foundBy: /inserting/, make: misread(() => ({ free: false })) },
  { fault: 'has no etags', foundBy: /inserting/, make: misread(() => ({ etag: '' })) },
  { fault: 'has one etag for all', foundBy: /patching/, make: misread(() => ({ etag: '"1"' })) },
  { fault: 'does not say when', foundBy: /inserting/, make: misread(() => ({ updatedAt: null })) },
  { fault: 'says always the same time', foundBy: /edits by users/, make: misread(() => ({ updatedAt: 1 })) },
  {
    fault: 'answers a write with another event than it stores',
    foundBy: /inserting/,
    make: misread(() => ({ title: 'As asked' }), ['insert']),
  },
  {
    fault: 'answers a patch with the marks of before',
    foundBy: /patching/,
    make: misread(({ marks }) => ({ marks: { ...marks, bay: '1' } }), ['patch']),
  },
  {
    fault: 'loses the id of the write',
    foundBy: /inserting/,
    make: misread(({ marks }) => ({ marks: { ...marks, write: null } })),
  },
  {
    fault: 'forgets the digests that a patch does not give',
    foundBy: /patching/,
    make: misread(({ marks }) => ({ marks: { ...marks, descriptionDigest: null } }), ['patch']),
  },
  {
    fault: 'takes every event for one of ours',
    foundBy: /edits by users/,
    make: misread(() => ({ creatorEmail: 'sync-bot@calendars.example' })),
  },
  {
    fault: 'names the old calendar of a moved event',
    foundBy: /moving/,
    make: misread(() => ({ calendarId: 'bay-1@calendars.example' }), ['move']),
  },
  {
    fault: 'takes everything for a mirror',
    foundBy: /edits by users/,
    make: misread(({ marks }) => ({ marks: { ...marks, managed: true } })),
  },
  {
    fault: 'takes an all-day event for a timed one',
    foundBy: /shapes/,
    make: misread(({ shape }) => ({ shape: shape === 'all-day' ? 'timed' : shape })),
  },
  {
    fault: 'takes a series for a single event',
    foundBy: /shapes/,
    make: misread(({ shape }) => ({ shape: shape === 'recurring' ? 'timed' : shape })),
  },
  {
    fault: 'shows what is deleted as live',
    foundBy: /inserting|deleting/,
    make: misread(() => ({ state: 'live' })),
  },
  {
    fault: 'lists what is deleted as live',
    foundBy: /moving|an incremental list/,
    make: misread(() => ({ state: 'live' }), ['list']),
  },

  // -- writes
  { fault: 'ignores the etag', foundBy: /patching/, make: mispatch((patch) => [patch, null]) },
  {
    fault: 'wants an etag for every write',
    foundBy: /patching/,
    make: mispatch((patch, ifMatch) => [patch, ifMatch ?? '"0"']),
  },
  {
    fault: 'writes the title again with every patch',
    foundBy: /patching/,
    make: mispatch((patch, ifMatch) => [{ title: 'Ann Example', ...patch }, ifMatch]),
  },
  {
    fault: 'does not empty a text',
    foundBy: /patching/,
    make: mispatch(({ description, ...patch }, ifMatch) => [description ? { ...patch, description } : patch, ifMatch]),
  },
  {
    fault: 'revives with every patch',
    foundBy: /restoring/,
    make: mispatch((patch, ifMatch) => [{ ...patch, revive: true }, ifMatch]),
  },
  {
    fault: 'never revives',
    foundBy: /restoring/,
    make: mispatch((patch, ifMatch) => [without('revive', patch), ifMatch]),
  },
  {
    fault: 'leaves a series a series',
    foundBy: /shapes/,
    make: mispatch((patch, ifMatch) => [without('single', patch), ifMatch]),
  },
  {
    fault: 'replaces an event of the same id',
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
    fault: 'says it deleted and did not',
    foundBy: /inserting|deleting/,
    make: (options) => Object.assign(new MemoryCalendars(options), { deleteEvent: async () => OK }),
  },
  {
    fault: 'deletes whatever the etag',
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
    fault: 'takes an unknown event for a passing fault',
    foundBy: /patching/,
    make: mistaken('transient', 'not-found'),
  },
  { fault: 'takes a deleted event for an unknown one', foundBy: /deleting/, make: mistaken('not-found', 'gone') },
  { fault: 'takes a conflict for a fault of ours', foundBy: /inserting/, make: mistaken('invalid', 'conflict') },
  { fault: 'takes a fault of ours for a passing one', foundBy: /inserting/, make: mistaken('transient', 'invalid') },
  {
    fault: 'takes a lost token for a fault of ours',
    foundBy: /sync tokens/,
    make: mistaken('invalid', 'token-expired'),
  },
  {
    fault: 'takes a missing right for a missing calendar',
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
    fault: 'has one page for everything',
    foundBy: /a full list/,
    make: (options) => new MemoryCalendars({ ...options, pageSize: 2500 }),
  },
  {
    fault: 'gives a sync token with every page',
    foundBy: /a full list/,
    make: mispage((page) => ({ ...page, nextSyncToken: page.nextSyncToken ?? page.nextPageToken })),
  },
  {
    fault: 'says nothing of the right to write',
    foundBy: /access/,
    make: mispage((page) => ({ ...page, writable: null })),
  },
  {
    fault: 'thinks it may always write',
    foundBy: /access/,
    make: mispage((page) => ({ ...page, writable: true })),
  },
  {
    fault: 'lists in full whatever the token',
    foundBy: /moving|list/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override listEvents(calendarId: string, { pageToken }: ListCursor): Promise<PageResult> {
          return super.listEvents(calendarId, { syncToken: null, pageToken });
        }
      })(options),
  },
  {
    fault: 'gives the token of the time at which the last page was read',
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
    fault: 'shows what it should have forgotten',
    foundBy: /sync tokens/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override expireSyncTokens(): void {
          super.expireSyncTokens({ forgetDeleted: false });
        }
      })(options),
  },
  {
    fault: 'takes nonsense for the beginning',
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
    fault: 'opens channels for ever',
    foundBy: /watch channels/,
    make: (options) =>
      new (class extends MemoryCalendars {
        override watch(request: WatchRequest): ReturnType<MemoryCalendars['watch']> {
          return super.watch({ ...request, ttlSeconds: 10 * request.ttlSeconds });
        }
      })(options),
  },
  {
    fault: 'opens a channel twice',
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
    fault: 'throws for a token it does not know',
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
    fault: 'does not know a channel it has stopped',
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
