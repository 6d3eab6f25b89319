"""Search: things by what they are called, however it is spelt, abbreviated or typed."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from graphsvc.api.http.answers import Closed, GraphVersionNumber
from graphsvc.api.http.live_graph import GraphVersion, GraphVersionDep
from graphsvc.api.http.parameters import EndpointParameters, KindNames, Limit, known_kinds
from graphsvc.api.http.responses import answer
from graphsvc.api.http.routes import ReadRoute
from graphsvc.usecases.search.finding import Match, Mode
from graphsvc.usecases.search.name_index import Field as NameField
from graphsvc.usecases.search.name_index import NameIndex
from graphsvc.usecases.search.readings import Change
from graphsvc.usecases.search.search import MOST_CHARACTERS, name_index, search

router = APIRouter(tags=["Search"], route_class=ReadRoute)

_DEFAULT_LIMIT = 20


class SearchHit(Closed):
    """A thing that was found, and why."""

    id: str = Field(description="Its id, which never changes.")
    kind: str = Field(description="Its kind, a key of the vocabulary's kinds.")
    name: str
    name_en: str
    matched: str = Field(description="The name or alias that matched.")
    field: NameField = Field(description="What `matched` is of it.")
    match: Match = Field(
        description="How it matched: `exact` a name, or an `alias`; `prefix`: how it begins, the"
        " last syllable perhaps unfinished; `inside`: a part of it, or all words of `q`;"
        " `choseong`: initial consonants; `fuzzy`: three key strokes in four are alike."
    )
    score: float = Field(
        ge=0,
        le=1,
        description="1 for a name as it was typed. Every kind of match lies above those after it"
        " in the order exact, alias, prefix, inside, choseong, fuzzy.",
    )
    span: Annotated[list[int], Field(min_length=2, max_length=2)] | None = Field(
        description="The characters of `matched` that were found, from 0, the end excluded; null"
        " where they are not together."
    )
    read_as: str | None = Field(
        description="What was looked for, where it was another text than `q`."
    )
    changes: list[Change] = Field(
        description="What was disregarded: a `legal_form` such as ㈜ (of `q` or of the name), a"
        " `particle` at the end (산업부가), the word for an `office` (창원시청), or that the"
        " `keyboard` was in the other language."
    )


class SearchAnswer(Closed):
    """What was found, best first."""

    items: list[SearchHit]
    total: int | None = Field(
        description="How many things were found in all; null where not every name was looked at."
    )
    graph_version: GraphVersionNumber


class SearchParameters(EndpointParameters):
    """What to look for."""

    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MOST_CHARACTERS,
            pattern=r"^[^\x00-\x1f\x7f]+$",
            description="A name or part of one, in any spelling. Without a letter, a digit or a"
            " sign to look for, nothing is found.",
            examples=["산업부"],
        ),
    ]
    kind: Annotated[
        KindNames, Field(description="Kinds, or ancestors of them.", examples=[["Center"]])
    ] = None
    limit: Limit = _DEFAULT_LIMIT
    mode: Annotated[
        Mode,
        Field(
            description="`full`: all ways to match. `prefix`: while it is being typed, fit for"
            " every keystroke; the last syllable may be unfinished, and nothing similar is sought."
        ),
    ] = "full"


@router.get("/search", response_model=SearchAnswer, summary="Things by their names · 이름 검색")
async def search_entities(
    at: GraphVersionDep, query: Annotated[SearchParameters, Query()]
) -> Response:
    """Finds things by name, English name or alias, whatever the spelling.

    Case, width, accents, spaces, middle dots and other punctuation do not matter (의료·바이오 is
    의료바이오), nor does a company's or foundation's form (㈜, 주식회사, 재단법인, Co., Ltd.).
    Initial consonants (ㅅㅇㅌㅅㅈㅇㅂ), Hangul typed as Latin (tkatjd) and Latin typed as Hangul
    (ㅏ시) are understood. A particle or the word for an office at the end is disregarded where no
    name matches with it. What resembles a name is sought only where nothing else is found.

    The best match of each thing counts; equal scores go by number of relationships, then by id.
    After a load the index of names is built anew; searches wait for it, seconds in a large graph.
    """
    index = await names(at)
    kinds = known_kinds(at.vocabulary, "kind", query.kind)
    found = await search(
        index, at.vocabulary, query.q, mode=query.mode, kinds=kinds, limit=query.limit
    )
    return answer(at, found)


async def names(at: GraphVersion) -> NameIndex:
    """The index of all names, built once for a version of the graph."""
    return await at.compute_once("names", partial(name_index, at.database))
