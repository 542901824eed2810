"""Firebase Cloud Messaging, simulated on this machine: firebase-admin talks to it unchanged but for its address.

    service-account file ──> POST /token ──> Bearer ──> POST /v1/projects/{project}/messages:send ──> a device that keeps it
                                                                                                  ──> GET /devices/{id}/stream

    fcm = create_fcm("http://127.0.0.1:9099")                   # the address it will be served at
    await serve_on(sock, fcm.app)
    credentials.Certificate(fcm.service_account)                # also GET /service-account.json
    messaging._MessagingService.FCM_URL = fcm.simulator.send_url    # before the first message

For the sender   POST /token, POST /v1/projects/{project}/messages:send
For an app       GET /v1/jwks, POST /v1/projects/{number}/apps/{app id}:exchangeDebugToken {"debugToken"} -> {"token", "ttl"}
For a device     POST /devices {"platform", "name", "locale"} -> {"installationId", "fid", "token", ...}
                 GET /devices, /devices/{id}, /devices/{id}/messages (newest last), /devices/{id}/stream (server-sent events)
                 DELETE /devices/{id}: uninstalled; sends to it answer 404 UNREGISTERED from then on
For a person     GET / shows the devices and what they got, live
For a test       GET /log: every request with its time and answer, `DELETE /log`; faults, see faults.py:
                 POST /_control/faults {"match": {"platform": "ios"}, "detail": "UNAVAILABLE", "retryAfter": "7", "times": 3}
                 DELETE /_control/faults

    rejection.py  every way to say no, as Google says it     message.py  what a message must be
    alert.py      what a device draws of it                  device.py   devices and what they keep
    accounts.py   the service account and its tokens         faults.py   saying no on demand
    app_check.py  who vouches for the app
    journal.py    what was asked and answered                simulator.py, *_routes.py, app.py

Not simulated: topics (a message to one is accepted and reaches nobody), devices that are offline, quotas other than by a fault.
"""

from backend.dev.fcm.app import Fcm, create_fcm

__all__ = ["Fcm", "create_fcm"]
