"""Acting for somebody: a citizen lets another do some things in their place, for a while, and sees what came of it (ADR 0024).

    citizen ── consent ──> a code, shown for five minutes ──(read out or scanned)──> helper
    helper ── code + their own access token ──> token endpoint (RFC 8693) ──> a session of the citizen's, with the helper in it

    relations    who may be what, for how long         consent     a citizen allows it, or takes it back
    taking_up    the code into a session, once         queries     what a citizen sees of it
    schemas, api

A session with a helper is a session like any other: it rotates, expires, is bound to a key and ended within two seconds. Its tokens
say `act`; what they open is said at the routes, and everything else stays closed (kernel.http.access).
"""
