"""The phone page and the staff page: two clients of the public API, in a browser.

    browser ──> /phone/  /staff/      plain HTML, CSS and ES modules; no build step, nothing from anybody else
       │        /world.json           where the API is: all that the pages are told
       ├──────> the API               code flow with PKCE, then Bearer tokens, across origins like any other app
       └──────> the FCM simulator     the phone page is a device of it

They hold no secret and know no shortcut: what they do, any app can do.
"""
