"""The relying party: asks official-account providers who somebody is, and believes nothing it has not checked.

    outbound        the one way out: known hosts only, bounded, no redirects
    discovery       a provider's metadata and keys, cached, refreshed, compared with the configuration
    signed          a JWT's signature: the provider's key, an algorithm the configuration names
    id_token        is this ID token about this sign-in (OIDC Core 3.1.3.7)
    statement       a signed statement that answers nothing we asked
    security_event  what has happened to an account (Shared Signals)
    logout_token    is this logout token genuine (OIDC Back-Channel Logout 2.6)
    app_check       whether an app is ours, with configured keys
    account         claims, whatever a provider calls them, as an Account
    relying_party   the code flow with one provider      parties   all providers      api   the back channel

A provider is configuration (auth.config.ProviderConfig): a new one needs no code.
"""
