"""The development world: everything outside Một Cửa, real enough to develop and test against.

    mongod.py     a MongoDB of one's own, a child that dies with its parent; mongod_binary.py: which one, and what it lacks
    providers/    two official-account providers (OpenID): `citizen` and `staff`
    fcm/          Firebase Cloud Messaging: token endpoint, messages:send, devices that keep what they get
    sockets.py    ports, and an app served on one, inside this process; loopback.py: for this machine only

The app never imports this package: what is here is the world outside it, and production has its own.
"""
