import { expect } from 'chai';
import type { BookingEventMap } from '@loft/sync-core';
import { safeEventLink } from '#src/http/event-link.js';

function linkOf(eventLink: string | undefined, apiRootUrl: string | null = null): string | null {
  return safeEventLink({ eventLink } as BookingEventMap, apiRootUrl);
}

describe('the link to an event', () => {
  it('points to Google’s web pages', () => {
    for (const link of ['https://www.google.com/calendar/event?eid=bG9m', 'https://calendar.google.com/event?eid=1']) {
      expect(linkOf(link)).to.equal(link);
    }
  });

  it('points to the configured root of the API, and to no other port of its host', () => {
    expect(linkOf('http://127.0.0.1:8085/event', 'http://127.0.0.1:8085/')).to.equal('http://127.0.0.1:8085/event');
    expect(linkOf('http://127.0.0.1:8086/event', 'http://127.0.0.1:8085/')).to.equal(null);
    expect(linkOf('http://127.0.0.1:8085/event')).to.equal(null);
  });

  it('is left out if it is no web address, or points elsewhere', () => {
    for (const link of [
      undefined,
      '',
      'javascript:alert(1)',
      'JavaScript://www.google.com/%0aalert(1)',
      'data:text/html,www.google.com',
      'https://evil.example/www.google.com',
      'https://www.google.com.evil.example/',
      'https://evilgoogle.com/',
      'https://www.google.com@evil.example/',
      '/calendar/event',
    ]) {
      expect(linkOf(link), link).to.equal(null);
    }
  });
});
