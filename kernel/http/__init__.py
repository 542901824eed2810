"""What every route gets without writing a line of it.

problems       every failure as problem+json (RFC 9457), the one place that knows status numbers
access         who may call a route: everybody, citizens, staff, systems
schemas        the structs that cross the wire: strict going in, nothing null going out
idempotency    a write that is repeated happens once     claims       who answers it, and the answer kept
preconditions  `If-Match`: change what you have seen     merge_patch  PATCH (RFC 7396)
paging         opaque cursors                            language     Accept-Language: vi, en
bodies         refuses what is not the JSON it says it is, before anything decodes it
given          what a handler may ask for by name
tracing        an id for every request                   downloads    a stored file as an attachment
"""
