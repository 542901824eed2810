"""Agencies and their staff: which offices exist, who works there and may do what.

    agencies.json ──migrate──> agencies ──> names beside every code on the wire
    staff members ──StaffDirectory──> auth: roles and agencies of a signed-in official

    administrators ──api/, motcua staff──> who works where, in which roles; who has left loses every session

Owns `agencies`, `staff_members`. Emits nothing, hears nothing.
"""
