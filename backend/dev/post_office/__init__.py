"""The post office of the development world: whatever leaves but by push arrives here, and can be looked at.

    e-mail  SMTP on a port of its own ──────────┐
    SMS     POST /sms/messages ─────────────────┼──> journal ──> GET /  a page     GET /messages?channel=&to=  JSON
    Zalo    POST /zalo/message/template, tokens ┘                                  DELETE /messages

    async with running_post_office(bound_socket()) as office:    # office.url, office.smtp_url

Things go wrong on demand (faults.py): POST /_control/faults {"channel": "email", "code": 550, "text": "5.1.1 nobody", "times": 1},
DELETE /_control/faults.

    journal.py  what arrived            faults.py  the script of what goes wrong
    mail.py     the mail server         sms_routes.py, zalo_routes.py, zalo_tokens.py    the two gateways
    pages.py    the page and its API    app.py     all of it together
"""

from backend.dev.post_office.app import running_post_office
from backend.dev.post_office.office import PostOffice

__all__ = ["PostOffice", "running_post_office"]
