"""Two official-account providers, real OpenID providers: `citizen` speaks like VNeID, `staff` like official mail.

    GET  /authorize ──> sign-in page ──> POST /authorize ──> 303 redirect_uri?code&state&iss
    POST /token     ──> ID token, access token ──> GET /userinfo
    GET  /end_session ──> back-channel logout at every client of that sign-in ──> post_logout_redirect_uri
    GET  /.well-known/openid-configuration, /jwks

    person.py    who has an account            profile.py   what sets the two providers apart
    client.py    who may ask                   request.py   an authorization request, read and checked
    grants.py    codes, tokens and sign-ins    keys.py      signing keys and their rotation
    tokens.py    what is signed                faults.py    answering wrongly on demand
    pages.py     what a person sees            provider.py  all of it in one object; app.py: on the wire

A script signs in like a person: GET the authorize address, POST the page's one form with `login`, follow the 303. The page always
asks, even a browser that signed in before, because a demonstration lives from changing persons; `prompt=none` answers from the
browser's last sign-in.

Faults on demand, from this machine only, JSON (see faults.py for every field):

    POST   /_control/faults       {"endpoint": "token", "delayMs": 3000, "status": 503, "break": ["nonce"], "times": 1}
    DELETE /_control/faults       answer rightly again
    POST   /_control/rotate-keys  {"keepOld": true}: sign with a new key from now on
    POST   /_control/sign-out     {"login": "lan"}: the person signs out elsewhere; every client hears it on the back channel
"""
