"""Who you are. Makes the `Principal` that everybody else reads; knows no dossier and no push.

    app ── authorize (PKCE) ──> server/ ── authorize (PKCE, state, nonce) ──> official account (VNeID, official mail)
     ^                            │ ^                                             │
     │ code, state, iss           │ └── callback: providers/ checks who it is <───┘
     └────────────────────────────┘
    app ── code + verifier ──> server/ ── at+jwt, refresh token ──> app ── DPoP ──> tokens/ ──> Principal

    server/      the authorization server for our own apps and for source systems
    providers/   the relying party to the official-account providers
    delegations/ a citizen lets somebody act for them
    sessions/    what a sign-in leaves behind: refresh rotation, ending, the list a person sees
    tokens/      signing keys, and the check of an access token on every request

    config       who may ask whom: providers, app clients, system clients      lifetimes   how long everything lives
    directory    the port through which roles of staff are learned             people      the person behind an account
    redirects    where an authorization answer may go                          forms       parameters, each said once
    step_up      who was here a moment ago
    events       a new device, an ended session
    attestation  is it our app that asks
    schemes      routes to which a header says nothing
    opaque       secrets kept only as hashes                                   spent       what counts once

An account's tokens never reach a phone; ours are short-lived and made here (security.md, section 1).
"""
