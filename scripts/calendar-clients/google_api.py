"""Reads calendars with Google's own client for Python, and logs in with the key of a service account.

A line on standard input asks for one reading; its answer is one line of JSON. The first line holds the settings.
"""

import datetime
import json
import sys

from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

SCOPES = ["https://www.googleapis.com/auth/calendar.readonly"]
SEARCH_DAYS = datetime.timedelta(days=60)
GONE = 410


def millis(time: dict) -> int:
    text = time.get("dateTime") or f"{time['date']}T00:00:00+00:00"
    return int(datetime.datetime.fromisoformat(text).timestamp() * 1000)


def shown(event: dict) -> dict:
    return {
        "id": event["id"],
        "title": event.get("summary", ""),
        "description": event.get("description", ""),
        "start": millis(event["start"]),
        "end": millis(event["end"]),
        "free": event.get("transparency") == "transparent",
    }


class Reader:
    """One program that keeps calendars in sync with sync tokens, as Google's guide has it."""

    def __init__(self, settings: dict) -> None:
        key = json.loads(settings["key"])
        credentials = service_account.Credentials.from_service_account_info(key, scopes=SCOPES)
        options = {"api_endpoint": f"{settings['rootUrl']}/calendar/v3/"}
        self.api = build("calendar", "v3", credentials=credentials, client_options=options, static_discovery=True)
        self.tokens: dict[str, str] = {}
        self.held: dict[str, dict[str, dict]] = {}

    def pages(self, resource, request):
        while request is not None:
            page = request.execute()
            yield page
            request = resource.list_next(request, page)

    def sync(self, calendar_id: str) -> None:
        held = self.held.setdefault(calendar_id, {})
        token = self.tokens.get(calendar_id)
        events = self.api.events()
        try:
            request = events.list(calendarId=calendar_id, maxResults=3, syncToken=token)
            for page in self.pages(events, request):
                for event in page.get("items", []):
                    if event["status"] == "cancelled":
                        held.pop(event["id"], None)
                    else:
                        held[event["id"]] = event
                self.tokens[calendar_id] = page.get("nextSyncToken", "")
        except HttpError as error:
            if error.resp.status != GONE:
                raise
            del self.tokens[calendar_id]
            held.clear()
            self.sync(calendar_id)

    def search(self, text: str, calendar_id: str) -> list[str]:
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        events = self.api.events()
        request = events.list(
            calendarId=calendar_id,
            q=text,
            singleEvents=True,
            orderBy="startTime",
            timeMin=now.isoformat(),
            timeMax=(now + SEARCH_DAYS).isoformat(),
        )
        return [event["id"] for page in self.pages(events, request) for event in page["items"]]

    def read(self, request: dict) -> dict:
        listing = self.api.calendarList()
        calendars = [it for page in self.pages(listing, listing.list()) for it in page["items"]]
        for calendar in calendars:
            self.sync(calendar["id"])
        text = request.get("search")
        return {
            "calendars": [
                {"id": it["id"], "name": it["summary"], "timeZone": it["timeZone"], "role": it["accessRole"]}
                for it in calendars
            ],
            "events": {it["id"]: [shown(event) for event in self.held[it["id"]].values()] for it in calendars},
            "found": [id for it in calendars for id in self.search(text, it["id"])] if text else [],
        }


reader = Reader(json.loads(sys.stdin.readline()))
while line := sys.stdin.readline():
    print(json.dumps(reader.read(json.loads(line))), flush=True)
