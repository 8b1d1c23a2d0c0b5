import { createRequire } from 'node:module';

/** The library version of the Google adapter. */
const { calendar } = createRequire(new URL('../../packages/adapters-google/package.json', import.meta.url))(
  'googleapis/build/src/apis/calendar/index.js',
);

/**
 * The necessary calls, made by bare clients without a store, checks or retries.
 *
 * @param {import('./simulators.mjs').Simulators} simulators
 */
export async function bareClient({ googleRootUrl, accessToken, bareCalendarId, bareUnit, uschedule }) {
  const api = calendar({ version: 'v3', rootUrl: googleRootUrl });
  const options = { headers: { authorization: `Bearer ${accessToken}` }, retry: false, responseType: 'json' };
  const root = `${uschedule.baseUrl}/api/${uschedule.alias}`;
  /** @param {string} method @param {object} body @param {string | null} [key] */
  const call = async (method, body, key = authKey) => {
    const answer = await fetch(`${root}/${method}`, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'x-us-application-key': uschedule.applicationKey,
        ...(key !== null && { 'x-us-authtoken': key }),
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  let authKey = null;
  const login = await call('validateuser', { UserName: uschedule.username, Password: uschedule.password }, null);
  authKey = login.AuthKey;

  return {
    call,
    /** @param {string} id */
    readBooking: (id) => call('getappointment', { id: Number(id) }),
    /** @param {string} id @param {string} startTime Wall time of the studio. */
    reschedule: (id, startTime) =>
      call('rescheduleappointment', {
        Id: Number(id),
        StartTime: startTime,
        ServiceLength: 60,
        ResourceUnitID: bareUnit,
      }),
    /** @param {{ id: string, start: number, calendarId?: string }} event */
    insert: ({ id, start, calendarId = bareCalendarId }) =>
      api.events.insert(
        {
          calendarId,
          sendUpdates: 'none',
          requestBody: {
            id,
            summary: 'Bare',
            description: 'Left-handed clubs',
            start: { dateTime: new Date(start).toISOString(), timeZone: 'America/Phoenix' },
            end: { dateTime: new Date(start + 3_600_000).toISOString(), timeZone: 'America/Phoenix' },
            extendedProperties: { private: { loftSyncManaged: 'true', uscheduleAppointmentId: id, bay: '1' } },
          },
        },
        options,
      ),
    /** One page, with the token of the one before. @param {string} [syncToken] @param {string} [calendarId] */
    list: async (syncToken, calendarId = bareCalendarId) => {
      const params = { calendarId, maxResults: 2500, showDeleted: true, singleEvents: false };
      const { data } = await api.events.list({ ...params, ...(syncToken !== undefined && { syncToken }) }, options);
      return /** @type {{ nextSyncToken: string, items: readonly unknown[] }} */ (data);
    },
  };
}
