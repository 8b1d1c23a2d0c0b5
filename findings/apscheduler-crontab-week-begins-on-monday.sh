#!/bin/sh
# APScheduler: from_crontab() counts the days of the week from Monday, so "1-5" of a crontab runs from Tuesday to Saturday.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check APScheduler==3.11.3 cronsim==2.8

cat >check.py <<'PY'
import sys
from datetime import datetime, timezone
from importlib.metadata import version

from apscheduler.triggers.cron import CronTrigger
from cronsim import CronSim

START = datetime(2026, 1, 3, tzinfo=timezone.utc)  # a Saturday


def with_apscheduler(expression):
    trigger = CronTrigger.from_crontab(expression, timezone=timezone.utc)
    moment, days = START, []
    while len(days) < 5:
        moment = trigger.get_next_fire_time(days[-1] if days else None, moment)
        days.append(moment)
    return " ".join(f"{day:%a}" for day in days)


def with_cronsim(expression):
    runs = CronSim(expression, START)
    return " ".join(f"{next(runs):%a}" for _ in range(5))


print("APScheduler", version("APScheduler"), "cronsim", version("cronsim"))
print("Expected: from_crontab() reads a crontab: 0 is Sunday, 1-5 are Monday to Friday, and 7 is Sunday too.")
seen = {expression: (with_apscheduler(expression), with_cronsim(expression)) for expression in ("0 9 * * 1-5", "0 9 * * mon-fri")}
try:
    CronTrigger.from_crontab("0 9 * * 7")
    sunday = "read"
except ValueError as error:
    sunday = str(error)
print("Seen: APScheduler and cronsim:", seen, "0 9 * * 7:", sunday)

same = (
    seen["0 9 * * 1-5"] == ("Sat Tue Wed Thu Fri", "Mon Tue Wed Thu Fri")
    and seen["0 9 * * mon-fri"] == ("Mon Tue Wed Thu Fri",) * 2
    and "is higher than the maximum value (6)" in sunday
)
print("With numbers the work of Monday is done on Tuesday and that of Friday on Saturday; names are right." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
