"""What every route gets without writing a line of it.

problems   every failure as problem+json (RFC 9457), the one place that knows status numbers
access     who may call a route: everybody, citizens, staff, systems
schemas    the structs that cross the wire: strict going in, nothing null going out
paging     opaque cursors                 language   Accept-Language: vi, en
given      what a handler may ask for by name
    bodies     refuses what is not the JSON it says it is, before anything decodes it
tracing    an id for every request        downloads  a stored file as an attachment
"""
