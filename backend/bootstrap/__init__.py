"""Bootstrap: the first thing an app asks for, before anybody has signed in.

    motcua app set ──> AppState (one document) ──watched──> every process
                                                          ├──> GET /v1/app/bootstrap
                                                          └──> 426 for an app that is too old, 503 in maintenance

Which versions of the app are served, whether the system is being worked on, what is switched on, with which accounts one can sign
in, whom to telephone, and in which version the catalogues are. Emits nothing, hears nothing.
"""
