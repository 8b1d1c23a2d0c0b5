#!/bin/sh
# standardwebhooks for Python: sign() replaces the zone of an aware datetime by UTC, so the signature is for another second.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check standardwebhooks==1.1.0 tzdata==2026.6

cat >check.py <<'PY'
import base64
import secrets
import sys
from datetime import datetime, timezone
from importlib.metadata import version
from zoneinfo import ZoneInfo

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

webhook = Webhook("whsec_" + base64.b64encode(secrets.token_bytes(24)).decode())
payload = '{"type":"booking.mirrored"}'


def accepted(now: datetime) -> bool:
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": webhook.sign(msg_id="msg_1", timestamp=now, data=payload),
    }
    try:
        webhook.verify(payload, headers)
        return True
    except WebhookVerificationError as error:
        print("Seen:", now.tzinfo, "->", error)
        return False


print("standardwebhooks", version("standardwebhooks"))
print("Expected: sign() takes the instant of an aware datetime, so the zone in which a sender writes it makes no difference.")
utc = accepted(datetime.now(timezone.utc))
zone = accepted(datetime.now(ZoneInfo("America/Phoenix")))
same = utc and not zone
print("UTC is accepted; the same instant in another zone is signed as if its wall time were UTC, and verify() rejects it." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
