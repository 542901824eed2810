"""Open311 (GeoReport v2): partners' apps read what is public of reports, and send reports, in a form the world agreed on.

    GET  /open311/v2/requests.json  ──> backend.feedback.published ──> what officers have made public, and nothing else
    POST /open311/v2/requests.xml   ──> whose key is it? ──> backend.feedback.actions.send ──> a report like any other

Every answer exists as XML and as JSON and says the same in both (formats.py); every refusal is a list of errors in the form that
was asked for. What is sent comes with a key (keys.py), is answered with a token, and has a `service_request_id` once it is public.
Owns nothing, emits nothing, hears nothing: reports are feedback's (docs/open311.md, ADR 0033).
"""
