"""How the procedures hand themselves to the app."""

from backend.procedures.api.public import Procedures
from backend.procedures.documents import Procedure
from kernel.slice import Slice

SLICE = Slice("procedures", routes=[Procedures], documents=[Procedure])
