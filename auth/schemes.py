"""How a route says that an Authorization header, if there is one, is none of the middleware's business."""

# OAuth endpoints have their own ideas of what it means, and who unlocks an account has no good token any more.
NO_BEARER = "no_bearer_token"
