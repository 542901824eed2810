"""What it costs, side by side with what it is compared to: one command, one table.

    python -m bench [--quick] [--only NAME ...]          all of it, then the table
    python -m bench.edge [--rounds 30]                   one of them, with its details

    edge            the machinery around a route, and what a 304 saves          (issue 3, ADR 0016)
    first_sight     bytes and seconds on a bad network; link is that network    (issue 3)
    uploads         a photo over a connection that is cut again and again       (issue 3, ADR 0019)
    sync            bytes of a snapshot, and what a change pays for its feed    (issue 3, ADR 0018)
    tokens          knowing who asks                                            (issue 4)
    personal        sealed personal data, in the vault and (personal_http) through the API  (ADR 0011)
    reads           the two drivers behind the one door                         (ADR 0001)

Machines are noisy and shared: what is compared is asked in alternating rounds of one run, and told is the median of the paired
ratios with its quartiles. Processor time is trusted more than the clock on the wall. Each module's `measure` answers `Figure`s.
"""
