"""The phone page: a client of the public API, in a browser. Officials have the console (`backend/console`).

    browser ──> /phone/     plain HTML, CSS and ES modules; no build step, nothing from anybody else
       │        /world.json where the API is: all that the page is told
       ├──────> the API               code flow with PKCE, then Bearer tokens, across origins like any other app
       └──────> the FCM simulator     the phone page is a device of it

It holds no secret and knows no shortcut: what it does, any app can do.
"""
