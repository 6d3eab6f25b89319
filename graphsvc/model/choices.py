"""Choices that the API, the command line, analyses and notebooks offer alike.

The standard library is all that is imported here: `graphsvc --help` reads this module.
"""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """In which language names and sentences are."""

    KO = "ko"
    EN = "en"


class Undated(StrEnum):
    """What to do with what is not dated at both ends, or dated in doubt."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


class Weight(StrEnum):
    """What an edge weighs; `graphsvc.analysis.weighting` says what each rule means."""

    COUNT = "count"
    AMOUNT_KRW = "amount_krw"
    LOG_AMOUNT = "log_amount"


class RowFormat(StrEnum):
    """How rows are written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


class ReportFormat(StrEnum):
    """How one report is written."""

    TABLE = "table"
    JSON = "json"


class ResultFormat(StrEnum):
    """How the result of a measure is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    METHODS = "methods"


class PictureFormat(StrEnum):
    """How the picture of a result is written."""

    SVG = "svg"
    PNG = "png"


class ExportFormat(StrEnum):
    """How the graph is written for other programs."""

    GRAPHML = "graphml"
    GEXF = "gexf"
    JSON = "json"
    CSV = "csv"
    JSONLD = "jsonld"
    CYPHER = "cypher"
