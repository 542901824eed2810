"""How much, how many, how long (SEC-56)."""

from datetime import timedelta

MAX_BYTES = 10 * 1024 * 1024
MAX_BYTES_A_DAY = 200 * 1024 * 1024
"""Of one person, begun within 24 hours: twenty files of the largest size."""

UNFINISHED_FOR = timedelta(hours=24)
UNUSED_FOR = timedelta(days=7)
RECEIPT_FOR = timedelta(days=30)
"""How long an attached upload can still be asked about; its file lives on where it was attached."""

# More than a request is allowed to hold in memory; a segment of the store is 64 KiB.
STORED_EVERY_BYTES = 256 * 1024
STORED_EVERY = timedelta(seconds=1)
"""What kill -9 can cost: less than a second, or less than this many bytes."""

SILENT_FOR = timedelta(minutes=1)
"""A connection on which nothing has arrived for so long is taken for dead."""

# 24 "megapixels" of today's telephones are 5712 x 4284, a little more than 24 million: so 24 times 1024 x 1024 (SEC-58).
MAX_PIXELS = 24 * 1024 * 1024
MAX_PAGES = 200
