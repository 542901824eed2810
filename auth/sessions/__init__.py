"""What a sign-in leaves behind, on every device, until it is ended.

    families   open, activate, rotate: the refresh token family of a session, decided by atomic statements
    arrivals   what a new session means for the person's others
    locking    a person locks their account, and opens it again
    ended      which sessions have ended lately, known to every process within two seconds
    queries    the sessions a person has open            api   /v1/me, its sessions, its lock

A session ends by one write. Its access tokens are then refused by `ended`, its refresh token by `families`.
"""
