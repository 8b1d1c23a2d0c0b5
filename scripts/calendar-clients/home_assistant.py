"""Reads calendars as Home Assistant's Google Calendar integration does: with its library gcal_sync and its calls.

A line on standard input asks for one reading; its answer is one line of JSON. The first line holds the settings.
"""

import asyncio
import datetime
import json
import sys

import aiohttp
import google.auth.transport.requests
from gcal_sync.api import GoogleCalendarService, ListEventsRequest, SyncEventsRequest
from gcal_sync.auth import AbstractAuth
from gcal_sync.exceptions import AuthException
from gcal_sync.store import InMemoryCalendarStore, ScopedCalendarStore
from gcal_sync.sync import CalendarEventSyncManager, CalendarListSyncManager
from google.oauth2 import service_account

# As in Home Assistant's homeassistant/components/google: events from 90 days back are kept in sync.
SYNC_EVENT_MIN_TIME = datetime.timedelta(days=-90)
SEARCH_DAYS = datetime.timedelta(days=60)
SCOPES = ["https://www.googleapis.com/auth/calendar.readonly"]


def token_of(key: str) -> str:
    """An access token for the key of a service account. Home Assistant has its own from the user's consent."""
    credentials = service_account.Credentials.from_service_account_info(json.loads(key), scopes=SCOPES)
    credentials.refresh(google.auth.transport.requests.Request())
    return credentials.token


class Auth(AbstractAuth):
    """Hands the access token of each request to the library."""

    def __init__(self, session: aiohttp.ClientSession, host: str) -> None:
        super().__init__(session, host)
        self.token = ""

    async def async_get_access_token(self) -> str:
        return self.token


def shown(event) -> dict:
    """What an automation sees of an event."""
    return {
        "id": event.id,
        "title": event.summary or "",
        "description": event.description or "",
        "start": int(event.start.normalize().timestamp() * 1000),
        "end": int(event.end.normalize().timestamp() * 1000),
        "free": event.transparency == "transparent",
    }


class Reader:
    """One Home Assistant: its entities are the calendars, its memory outlives a reading."""

    def __init__(self, settings: dict, session: aiohttp.ClientSession) -> None:
        self.key = settings["key"]
        self.auth = Auth(session, f"{settings['rootUrl']}/calendar/v3")
        self.api = GoogleCalendarService(self.auth)
        self.store = InMemoryCalendarStore()
        self.managers: dict[str, CalendarEventSyncManager] = {}

    def manager(self, calendar_id: str) -> CalendarEventSyncManager:
        if calendar_id not in self.managers:
            now = datetime.datetime.now(datetime.timezone.utc)
            template = SyncEventsRequest(calendar_id=calendar_id, start_time=now + SYNC_EVENT_MIN_TIME)
            store = ScopedCalendarStore(self.store, calendar_id)
            self.managers[calendar_id] = CalendarEventSyncManager(
                self.api, calendar_id, store=store, request_template=template
            )
        return self.managers[calendar_id]

    async def answer(self, request: dict) -> dict:
        """A refused access token is an answer: Home Assistant asks again with a new one."""
        try:
            return await self.read(request)
        except AuthException as error:
            return {"refused": str(error)}

    async def read(self, request: dict) -> dict:
        self.auth.token = request.get("token") or token_of(self.key)
        listing = CalendarListSyncManager(self.api)
        await listing.run()
        calendars = (await listing.store_service.async_list_calendars()).calendars
        events = {}
        for calendar in calendars:
            manager = self.manager(calendar.id)
            await manager.run()
            timeline = await manager.store_service.async_get_timeline(datetime.timezone.utc)
            events[calendar.id] = [shown(event) for event in timeline]
        found = []
        if request.get("search"):
            found = await self.search(request["search"], [calendar.id for calendar in calendars])
        return {
            "calendars": [
                {"id": it.id, "name": it.summary, "timeZone": it.timezone, "role": it.access_role.value}
                for it in calendars
            ],
            "events": events,
            "found": found,
        }

    async def search(self, text: str, calendar_ids: list[str]) -> list[str]:
        """As an entity with a search term does."""
        found = []
        now = datetime.datetime.now(datetime.timezone.utc)
        for calendar_id in calendar_ids:
            request = ListEventsRequest(
                calendar_id=calendar_id, start_time=now, end_time=now + SEARCH_DAYS, search=text
            )
            async for page in await self.api.async_list_events(request):
                found += [event.id for event in page.items]
        return found


async def main() -> None:
    settings = json.loads(sys.stdin.readline())
    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession() as session:
        reader = Reader(settings, session)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            print(json.dumps(await reader.answer(json.loads(line))), flush=True)


asyncio.run(main())
