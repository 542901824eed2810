"""Deliveries on their way: claimed with a lease, sent outside any transaction, their outcome recorded, retried within bounds."""
