"""The words of Cypher that the guard knows: what each may do and where it may stand.

Everything is compared in upper case (functions and procedures in lower case), ASCII only.
"""

from __future__ import annotations


def names(text: str) -> frozenset[str]:
    """Read a list of names."""
    return frozenset(text.split())


# Clauses that may open a query or a subquery, and those that only go on with one.
OPENING_CLAUSES = frozenset({"MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN", "CALL"})
FOLLOWING_CLAUSES = frozenset({"UNION", "WHERE", "ORDER", "SKIP", "OFFSET", "LIMIT", "YIELD"})
CLAUSES = OPENING_CLAUSES | FOLLOWING_CLAUSES

# WHERE also stands inside patterns, comprehensions and predicates.
NESTED_CLAUSES = frozenset({"WHERE"})

# After these another clause must begin.
BEFORE_A_CLAUSE = frozenset({"OPTIONAL", "UNION"})

# Words between two operands. FROM is trim's; NOT stands here in `IS :: INTEGER NOT NULL`.
INFIX = frozenset(
    {"AND", "OR", "XOR", "IN", "IS", "AS", "CONTAINS", "STARTS", "ENDS", "FROM", "NOT"}
)

# Operators that stay flat when they are chained, and those that nest as deep as brackets.
FLAT = frozenset({"AND", "OR"})
DEEPENING = frozenset({"XOR", "NOT", "IN", "IS", "CONTAINS", "STARTS", "ENDS"})

# Words before an operand.
PREFIX = frozenset({"NOT", "DISTINCT", "BY"})

# Words that end an operand or an ordering.
POSTFIX = frozenset({"ASC", "ASCENDING", "DESC", "DESCENDING"})

# These bind a variable within their brackets: `any(x IN list WHERE ...)`, `reduce(s = 0, ...)`.
BIND_A_VARIABLE = names("all any none single reduce")

CASE_PARTS = frozenset({"WHEN", "THEN", "ELSE", "END"})

# Words that may come right after a complete operand.
GOES_ON = CLAUSES | INFIX | POSTFIX | CASE_PARTS

# The second word of a pair, by the first: `STARTS WITH`, `IS TYPED`, `IS :: ZONED DATETIME`.
_TYPES = frozenset({"LOCAL", "ZONED"})
SECOND_WORDS = {
    "CASE": frozenset({"WHEN"}),
    "STARTS": frozenset({"WITH"}),
    "ENDS": frozenset({"WITH"}),
    "IS": frozenset({"TYPED"}),
    "NOT": frozenset({"TYPED"}),
    "TYPED": _TYPES,
    "::": _TYPES,
}

# `CASE x WHEN STARTS WITH 'a' THEN ...` leaves out the operand.
AFTER_WHEN = INFIX - {"AS", "FROM", "NOT"}

# These open a subquery when a brace follows; else they are functions.
SUBQUERIES = frozenset({"EXISTS", "COUNT", "COLLECT"})

# What a refused word would have done. A word in WRITING is a name only where no clause can
# stand; the grammars of both databases (Cypher 5 and 25) allow these in the middle of a query.
_WRITES = "it would change the graph"
_REACHES = "it reaches outside the graph"
_ADMIN = "it administers the database"
WRITING = {
    "CREATE": _WRITES,
    "MERGE": _WRITES,
    "SET": _WRITES,
    "REMOVE": _WRITES,
    "DELETE": _WRITES,
    "DETACH": _WRITES,
    "NODETACH": _WRITES,
    "INSERT": _WRITES,
    "FOREACH": _WRITES,
    "TRANSACTIONS": "a subquery IN TRANSACTIONS commits on its own",
    "LOAD": _REACHES,
    "USE": _REACHES,
    "DEFINE": "procedures and functions are not defined here",
    "SHOW": _ADMIN,
    "TERMINATE": _ADMIN,
}

# Not reading clauses either, but only ever at the head of a clause: elsewhere they are names.
_PLANS = "the statement is run as it stands, without options"
_ONE_DATABASE_ONLY = "only one of the two databases knows it"
OTHER_CLAUSES = {
    **dict.fromkeys(
        (
            "DROP",
            "ALTER",
            "RENAME",
            "GRANT",
            "DENY",
            "REVOKE",
            "ENABLE",
            "START",
            "STOP",
            "DRYRUN",
            "DEALLOCATE",
            "REALLOCATE",
            "COMMIT",
            "ROLLBACK",
            "SESSION",
            "INSTALL",
        ),
        _ADMIN,
    ),
    **dict.fromkeys(("EXPLAIN", "PROFILE", "CYPHER", "USING"), _PLANS),
    **dict.fromkeys(("FILTER", "LET", "FOR", "NEXT", "SEARCH", "WHEN"), _ONE_DATABASE_ONLY),
    "CONCURRENT": "a subquery IN TRANSACTIONS commits on its own",
    "FINISH": "it returns nothing",
}

# Functions that both databases document and that look at nothing but their arguments. Left out on
# purpose: file() and linenumber() (LOAD CSV), graph.* (other databases), and every function that
# only ArcadeDB knows, because its Cypher also calls its SQL functions (eval, for one).
FUNCTIONS = names(
    """
    all any exists isempty none single
    char_length character_length coalesce elementid endnode head id last length nullif properties
    randomuuid size startnode timestamp toboolean tobooleanornull tofloat tofloatornull tointeger
    tointegerornull type valuetype
    avg collect count max min percentilecont percentiledisc stdev stdevp sum
    keys labels nodes range reduce relationships reverse tail tobooleanlist tofloatlist
    tointegerlist tostringlist
    abs ceil floor isnan rand round sign e exp log log10 sqrt
    acos asin atan atan2 cos cot degrees haversin pi radians sin tan
    btrim left lower ltrim normalize replace right rtrim split substring tolower tostring
    tostringornull toupper trim upper
    date date.realtime date.statement date.transaction date.truncate
    datetime datetime.fromepoch datetime.fromepochmillis datetime.realtime datetime.statement
    datetime.transaction datetime.truncate
    localdatetime localdatetime.realtime localdatetime.statement localdatetime.transaction
    localdatetime.truncate
    localtime localtime.realtime localtime.statement localtime.transaction localtime.truncate
    time time.realtime time.statement time.transaction time.truncate
    duration duration.between duration.indays duration.inmonths duration.inseconds
    point point.distance point.withinbbox
    shortestpath allshortestpaths
    """
)

# Those among them that aggregate.
AGGREGATES = names("avg collect count max min percentilecont percentiledisc stdev stdevp sum")

# Procedures that both databases know and that only list the schema.
PROCEDURES = frozenset(
    {"db.labels", "db.propertykeys", "db.relationshiptypes", "db.schema.visualization"}
)

ADVICE = {
    "function": "Use Cypher's own functions of their arguments, written without backticks.",
    "procedure": "Allowed are " + ", ".join(sorted(PROCEDURES)) + ".",
}
