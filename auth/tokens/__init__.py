"""Access tokens: the keys that sign them, and the check on every request.

    signing_keys   next, active and retired keys in the database; what is published and what signs
    verification   at+jwt (RFC 9068) to Principal, remembered until it expires or its session ends
    dpop           proof that who brings a token holds its key (RFC 9449)      nonces   what ties a proof to our clock
    attested       where an app has to be vouched for
    middleware     puts the Principal where guards look for it

The only room that knows PyJWT.
"""
