"""What anybody may read of the catalogue, signed in or not."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import FromPath, QueryParameter

from backend.procedures import queries
from backend.procedures.api.views import summary, whole
from backend.procedures.schemas import ProcedurePage, ProcedureView
from kernel.http.access import everybody
from kernel.http.answer import kept_by_everybody
from kernel.http.given import TheFresh
from kernel.http.paging import Cursor, Limit, next_cursor

Query = Annotated[
    str,
    QueryParameter(
        name="q", max_length=200, description="Words of name or field, diacritics or not, the last perhaps begun; or a code."
    ),
]
Field = Annotated[str | None, QueryParameter(name="field", max_length=200, description="Field of work, as the list says it.")]
Level = Annotated[str | None, QueryParameter(name="level", max_length=64, description="`province`, `commune`, `ministry` ...")]


class Procedures(Controller):
    """The catalogue of procedures."""

    path = "/v1/procedures"
    tags = ["Procedures"]
    guards = [everybody]
    # The catalogue changes with an import, not by the minute: five minutes spare a weak network a request.
    opt = kept_by_everybody(minutes=5)

    @get("/", operation_id="listProcedures", summary="Search procedures")
    async def list_procedures(
        self,
        fresh: TheFresh,
        q: Query = "",
        field: Field = None,
        level: Level = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> ProcedurePage:
        """Procedures that match, the best first: exact words, words without diacritics, the rest; among equals short names."""
        rows, following = await fresh.page(
            lambda shown: queries.page_of_procedures(q=q, field=field, level=level, limit=limit, cursor=cursor, shown=shown),
            queries.MARKS,
        )
        return ProcedurePage(items=[summary(row) for row in rows], next_cursor=next_cursor(following))

    @get("/{code:str}", operation_id="getProcedure", summary="One procedure")
    async def get_procedure(self, fresh: TheFresh, code: FromPath[str]) -> ProcedureView:
        """A procedure with channels, time limits, fees, papers and steps. A province's copy answers with its national original."""
        return whole(await fresh.row(lambda shown: queries.one_procedure(code, shown), queries.MARKS))
