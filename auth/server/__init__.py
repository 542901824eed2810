"""The authorization server for our own apps and for source systems. The protocol is Authlib's; the rules are here, one file each.

    authorization_server   Authlib's server with our grants; a request and an answer without a web framework in them
    clients                the registered clients as Authlib asks about them; public_keys of systems
    code_grant             authorize and redeem: PKCE S256 only, a code once
    refresh_grant          rotation                       system_grant    client_credentials with private_key_jwt
    access_tokens          what is in an at+jwt           revocation      RFC 7009
    proven                 whose key a token request proves
    metadata               RFC 8414                       sign_in         from authorize to callback, through a provider
    pushed                 RFC 9126                       freshness       level and max_age (RFC 9470)
    introspection          RFC 7662                       app_links       what Android and iOS look for
    pages                  what a person sees on the way  api/            the endpoints

Authlib's server is synchronous: the endpoints run it in a worker thread, with the synchronous driver.
"""
