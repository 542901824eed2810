"""The endpoints of the authorization server.

authorization   in the browser: authorize, callback        token      between machines: token, revoke
discovery       metadata and keys                          contract   what their documentation says
"""
