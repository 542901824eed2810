"""Documents whose acts go on record with what they changed: each field before and after."""

from collections.abc import Mapping
from typing import Any

from pydantic import PrivateAttr

from kernel.audit import Change, changed
from kernel.mongo.document import Stored


class OnRecord(Stored):
    """A document that can say what an act changed of it. The verb calls `remember` where it has loaded the document."""

    _was: Mapping[str, Any] = PrivateAttr(default_factory=dict)

    def facts(self) -> Mapping[str, Any]:
        """What an act can change of it, as the audit tells it; what is personal is `Plain` or `Sealed`."""
        raise NotImplementedError

    def remember(self) -> None:
        """It has just been loaded: this is what it was before the act."""
        self._was = self.facts()

    def changes(self) -> tuple[Change, ...]:
        """What is different since; of a new document everything."""
        return changed(self._was, self.facts())
