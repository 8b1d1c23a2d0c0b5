import { generateKeyPairSync } from 'node:crypto';

/** A private key made for this run. */
export const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;

export const serviceAccountJson = JSON.stringify({
  type: 'service_account',
  client_email: 'sync-bot@example.iam.gserviceaccount.com',
  private_key: privateKey,
});

/** The minimal environment of the service. */
export const minimalEnvironment = {
  USCHEDULE_BASE_URL: 'https://clients.example.com',
  USCHEDULE_ALIAS: 'loftgolf',
  USCHEDULE_APP_KEY: 'an-application-key',
  USCHEDULE_IMPERSONATE: 'sync@example.com',
};

/** The minimal settings file. */
export const minimalFile = {
  timeZone: 'America/Phoenix',
  bays: [
    { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1@group.calendar.google.com' },
    { bay: '2', name: 'Bay 2', resourceUnitId: 5524, calendarId: 'bay-2@group.calendar.google.com' },
  ],
};
