"""What a sign-in leaves behind, on every device, until it is ended.

    families   open, activate, rotate: the refresh token family of a session, decided by atomic statements
    ended      which sessions have ended lately, known to every process within two seconds
    queries    the sessions a person has open            api   /v1/me and /v1/me/sessions

A session ends by one write. Its access tokens are then refused by `ended`, its refresh token by `families`.
"""
