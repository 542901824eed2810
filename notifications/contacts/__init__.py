"""Contacts: where somebody is reached but by push. An address counts once a code that was sent there has been said.

    phone ──PUT, fresh sign-in──> enter ── code ──> e-mail or SMS ──> its owner ──POST code──> confirm ──> counts from now on
                                    └ the former address stays until then

VNeID vouches for neither an e-mail address nor a telephone number, so its owner does (ADR 0035).
"""
