"""Accounts: what people hear of their own sign-ins, and what a phone loses with its session.

    auth ── NewDevice, ActForStarted, SessionEnded ──> reactions ──> a notice to the account's owner
                                            └──────> the phone's push target goes with its session, or moves to the next one

Owns nothing, emits nothing. Hears `account.act_for_started`, `account.new_device`, `account.session_ended`.
"""
