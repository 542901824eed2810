"""The port through which the sender learns whose pushes may leave the country (SEC-81); `backend/privacy` keeps the consents.

Asked anew whenever pushes are about to leave, so that a withdrawn consent counts at once. Absence means no: consent is explicit.
"""

from collections.abc import Awaitable, Callable, Collection

# Who of these recipients lets their pushes pass through a service abroad.
Consenting = Callable[[Collection[str]], Awaitable[set[str]]]
