"""Receipts: the app's own word on how far a push came. The provider says nothing of the kind for a single push.

phone ──POST /v1/receipts──> accept ──> deliveries.seen: level and times, only ever growing (I33)
                                └────> an attempt without an answer has arrived: it ends, and is not sent again (I10)
"""
