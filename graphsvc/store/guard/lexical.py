"""Decide from the text alone whether a Cypher statement only reads.

The check follows the statement token by token and knows one thing at each place: is an operand due
(after an operator, a comma, a clause word), or is one complete? Cypher never puts two operands side
by side, so a word after a complete operand is a clause or an operator; one that is not on the list
of reading ones is refused, known or not. The words that write are refused everywhere but where the
grammar has room for nothing but a name: `n.set`, `(:Create)`, `{delete: 1}`, `size(x) AS load`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import NoReturn

from graphsvc.store.guard import words
from graphsvc.store.guard.aggregates import check_aggregates
from graphsvc.store.guard.calls import check_function, check_procedure
from graphsvc.store.guard.counts import check_counts
from graphsvc.store.guard.frames import (
    BEGINNING,
    CLOSING,
    OPENS,
    QUERIES,
    VALUES,
    Depth,
    Due,
    Frame,
    PassedToken,
)
from graphsvc.store.guard.grouping import check_grouping
from graphsvc.store.guard.limits import MAX_SUBQUERIES, check_nesting, cut
from graphsvc.store.guard.orderings import check_orderings
from graphsvc.store.guard.tokens import Token, TokenKind, refuse, reject

_QUOTE_IT = "If it is a name, write it in `backticks`."


def check_statement(statement: str, *, embedded: bool) -> None:
    """Let a statement pass that can do nothing but read, whichever database runs it.

    Parameters
    ----------
    statement
        One Cypher statement; a semicolon may end it.
    embedded
        Whether the embedded engine runs it: what that answers wrongly is refused then.

    Raises
    ------
    AccessError
        It would do more than read; `offence`, `line` and `column` say what and where.
    StatementError
        It is no Cypher that both databases would understand the same way, is longer than
        `MAX_LENGTH` or `MAX_TOKENS`, or nested deeper than `MAX_NESTING`; or the embedded engine
        would aggregate, order or count wrongly, see `check_aggregates`,
        `check_orderings`, `check_grouping` and `check_counts`.

    Notes
    -----
    One pass, linear in the length. Passing says nothing about how long the statement runs.
    """
    check = _Check(statement, cut(statement))
    check.run()
    if embedded:
        passed = check.seen[1:]
        check_aggregates(statement, passed)
        check_orderings(statement, passed)
        check_grouping(statement, passed)
        check_counts(statement, passed)


# After these a name or a value must follow and no clause can, so a word here is a name even when
# it is spelt like a clause. Each was held against both grammars; others (`+ * % ! >`) can end a
# pattern, a label expression or a type, and a clause may come next.
_NAME_FOLLOWS = frozenset({"(", "[", ",", ".", ":", "="})
_MAY_END_OPERAND = frozenset({"+", "*", "%", "!", ">"})

# Where an operand is due, these are one: RETURN *, count(*), n {.*}, and the label of (n:%).
_WHOLE_OPERAND = frozenset({"*", "%"})

_KEYWORD_EVEN_AFTER_A_BRACKET = (
    words.PREFIX | words.NESTED_CLAUSES | words.SUBQUERIES | frozenset({"CASE"})
)


class _Check:
    """The state of one pass; `run` raises at the first token that does not fit."""

    def __init__(self, statement: str, tokens: list[Token]) -> None:
        self.statement = statement
        self.tokens = tokens
        self.index = 0
        self.due = Due.CLAUSE
        self.frames = [Frame.QUERY]
        self.seen: list[PassedToken] = [BEGINNING]
        self.depths = [Depth()]

    def run(self) -> None:
        """Pass every token; afterwards every bracket must be closed again."""
        if not self.tokens:
            reject(self.statement, 0, "the statement is empty.", "Write a query.")
        for index, token in enumerate(self.tokens):
            self.index = index
            self.seen.append(self._take(token))
        if len(self.frames) > 1:
            opened = self.frames[-1].value[0]
            reject(self.statement, len(self.statement), f"{opened} is not closed.", _QUOTE_IT)

    @property
    def previous(self) -> PassedToken:
        return self.seen[-1]

    def _next_is(self, symbol: str) -> bool:
        """Look one token ahead."""
        if self.index + 1 == len(self.tokens):
            return False
        following = self.tokens[self.index + 1]
        return following.kind is TokenKind.SYMBOL and following.upper == symbol

    def _deepen(self, token: Token) -> None:
        """Count an operator: a parser builds `1 + 1 + 1` and NOT NOT NOT as deep as brackets."""
        self.depths[-1].run += 1
        check_nesting(self.statement, token, len(self.frames) - 1 + self.depths[-1].run)

    def _take(self, token: Token) -> PassedToken:
        if self.previous.is_symbol(";"):
            refuse(self.statement, token.offset, token.text, "only one statement is allowed.")
        if self.previous.is_keyword("CALL") and token.upper not in ("{", "("):
            check_procedure(self.statement, self.tokens, self.index)
            self.due = Due.OPERATOR
            return PassedToken(token)
        if token.kind is TokenKind.WORD:
            return PassedToken(token, keyword=self._take_word(token))
        if token.kind is TokenKind.SYMBOL:
            return PassedToken(token, closed=self._take_symbol(token))
        self._need_begun(token)
        self.due = Due.OPERATOR
        return PassedToken(token)

    def _need_begun(self, token: Token) -> None:
        """Refuse what stands where a query must begin but begins none."""
        if self.due is Due.CLAUSE and len(self.frames) == 1:
            self._reject(
                token,
                f"a query cannot begin with {token.text[:40]}.",
                "Begin it with MATCH, OPTIONAL MATCH, UNWIND, WITH, CALL or RETURN.",
            )

    def _take_word(self, token: Token) -> bool:
        """Pass a word; return whether it was taken for one of the language."""
        self._check_look_alike(token)
        if self._is_certainly_a_name(token):
            self.due = Due.OPERATOR
            return False
        if token.upper in words.WRITING:
            self._refuse_clause(token, words.WRITING[token.upper])
        keyword = _WORD_WHERE[self.due](self, token)
        if keyword and token.upper in words.DEEPENING:
            self._deepen(token)
        return keyword

    def _check_look_alike(self, token: Token) -> None:
        """Refuse full-width and other letters that read like a clause.

        ArcadeDB takes `explaın`, with a dotless i, for EXPLAIN.
        """
        if token.text.isascii():
            return
        plain = unicodedata.normalize("NFKC", token.text).upper()
        if plain in words.CLAUSES or plain in words.WRITING or plain in words.OTHER_CLAUSES:
            self._refuse_clause(token, f"it reads like {plain} but is spelt with other letters")

    def _is_certainly_a_name(self, token: Token) -> bool:
        """Say whether the grammar has room for nothing but a name here."""
        if self.previous.is_symbol("."):
            return True
        if self.frames[-1] is Frame.MAP:
            if self._next_is(":") and self.previous.is_symbol("{", ","):
                return True
        elif self.previous.is_symbol(":"):
            return True
        if token.upper in _KEYWORD_EVEN_AFTER_A_BRACKET:
            return False
        if self._next_is(".") and self.due in (Due.OPERAND, Due.EITHER):
            return True
        return self.previous.is_symbol(*_NAME_FOLLOWS) or self._is_certain_alias()

    def _is_certain_alias(self) -> bool:
        """Say whether the word before can only be the AS of an alias.

        `MATCH (as) WITH as SET as.x = 1` writes, so the operand before AS must be one that no
        parser takes for a keyword: a value, a closed bracket, a property.
        """
        if not self.previous.is_keyword("AS"):
            return False
        operand = self.seen[-2]
        if operand.token.kind is TokenKind.WORD:
            return operand.is_keyword("END") or self.seen[-3].is_symbol(".")
        return operand.token.kind in VALUES or operand.token.upper in CLOSING

    def _word_where_clause(self, token: Token) -> bool:
        if token.upper in words.OPENING_CLAUSES:
            self._begin_clause(token)
            return True
        if len(self.frames) > 1 and self._next_is("="):
            self.due = Due.OPERATOR  # EXISTS { p = (a)-->(b) }
            return False
        if not (self.previous.is_keyword("UNION") and token.upper in ("ALL", "DISTINCT")):
            self._refuse_unknown(token)
        return True

    def _word_where_operand(self, token: Token) -> bool:
        upper = token.upper
        if self._continues_keyword(upper):
            return True
        if upper == "CASE":
            self._open(Frame.CASE, token)
            return True
        if upper in words.PREFIX or upper in words.NESTED_CLAUSES:
            self.due = Due.OPERAND
            return True
        if upper in words.CLAUSES or upper in words.INFIX:
            self._reject(token, f"{token.text} is a word of the language.", _QUOTE_IT)
        self.due = Due.OPERATOR
        return upper in words.SUBQUERIES and self._next_is("{")

    def _continues_keyword(self, upper: str) -> bool:
        """Recognise the second word of STARTS WITH, IS TYPED, :: ZONED TIME, WHEN IS NULL."""
        before = self.previous
        if before.is_keyword("WHEN"):
            return upper in words.AFTER_WHEN
        return (before.keyword or before.is_symbol("::")) and upper in words.SECOND_WORDS.get(
            before.token.upper, ()
        )

    def _word_where_operator(self, token: Token) -> bool:
        upper = token.upper
        if upper in words.CLAUSES:
            self._begin_clause(token)
        elif upper in words.INFIX:
            self._check_transactions(token)
            self._go_on(beside=upper in words.FLAT)
        elif upper in words.CASE_PARTS:
            self._take_case_part(token)
        elif upper not in words.POSTFIX:
            self._refuse_unknown(token)
        return True

    def _word_where_either(self, token: Token) -> bool:
        upper = token.upper
        if upper in words.OTHER_CLAUSES:
            self._refuse_unknown(token)
        if upper in words.GOES_ON and upper != "NOT":
            return self._word_where_operator(token)
        return self._word_where_operand(token)

    def _begin_clause(self, token: Token) -> None:
        """Enter a clause; only WHERE may stand in a bracket that holds no query."""
        if self.frames[-1] not in QUERIES and token.upper not in words.NESTED_CLAUSES:
            inside = self.frames[-1].value[0]
            self._reject(token, f"{token.text} cannot stand inside {inside}.", _QUOTE_IT)
        self._go_on(beside=True)
        if token.upper in words.BEFORE_A_CLAUSE:
            self.due = Due.CLAUSE

    def _go_on(self, *, beside: bool) -> None:
        """Want an operand: one beside the last, or one that joins it in a deeper expression."""
        if beside:
            self.depths[-1].rest()
        self.due = Due.OPERAND

    def _check_transactions(self, token: Token) -> None:
        """Refuse CALL {...} IN 2 CONCURRENT TRANSACTIONS at its IN, whatever follows."""
        if token.upper == "IN" and self.previous.closed is Frame.CALL:
            self._refuse_clause(token, words.WRITING["TRANSACTIONS"])

    def _take_case_part(self, token: Token) -> None:
        if self.frames[-1] is not Frame.CASE:
            self._reject(token, f"{token.text} stands outside CASE.", _QUOTE_IT)
        if token.upper == "END":
            self._leave()
        else:
            self._go_on(beside=True)

    def _take_symbol(self, token: Token) -> Frame | None:
        """Pass a symbol; return the frame it closed."""
        symbol = token.upper
        if symbol in CLOSING:
            return self._close(token)
        if symbol in OPENS:
            self._open_bracket(token)
        elif symbol == ";":
            self._end_statement(token)
        elif symbol == "+=":
            refuse(self.statement, token.offset, symbol, "it would change the graph.")
        else:
            self._take_operator(token)
        return None

    def _take_operator(self, token: Token) -> None:
        self._need_begun(token)
        self._measure(token)
        if self.due is Due.OPERAND:
            whole = token.upper in _WHOLE_OPERAND
            self.due = Due.OPERATOR if whole else Due.OPERAND
        else:
            self.due = Due.EITHER if token.upper in _MAY_END_OPERAND else Due.OPERAND

    def _measure(self, token: Token) -> None:
        """Count the operators of one operand; `n.name` alone and the keys of a map are free."""
        if token.upper in (",", "|"):
            self.depths[-1].rest()
        elif token.upper == ".":
            if self.previous.closed or self.seen[-2].is_symbol("."):
                self._deepen(token)
        elif token.upper not in ("..", "::") and not self._at_map_colon(token):
            self._deepen(token)

    def _at_map_colon(self, token: Token) -> bool:
        return token.upper == ":" and self.frames[-1] is Frame.MAP

    def _end_statement(self, token: Token) -> None:
        if len(self.frames) > 1 or self.due is Due.CLAUSE:
            self._reject(token, "a semicolon may only end the statement.")

    def _open_bracket(self, token: Token) -> None:
        self._need_begun(token)
        if token.upper == "(":
            check_function(self.statement, self.seen)
        if token.upper == "[" and self.due is Due.OPERATOR:
            self._deepen(token)
        self._open(self._frame_of(token.upper), token)

    def _frame_of(self, symbol: str) -> Frame:
        called = self.previous.is_keyword("CALL")
        if symbol == "{":
            if called or self.previous.closed is Frame.SCOPE:
                return Frame.CALL
            if self.previous.is_keyword(*words.SUBQUERIES):
                return Frame.QUERY
        return Frame.SCOPE if called else OPENS[symbol]

    def _open(self, frame: Frame, token: Token) -> None:
        self.frames.append(frame)
        self.depths.append(Depth())
        check_nesting(self.statement, token, len(self.frames) - 1)
        if frame in QUERIES:
            subqueries = sum(frame in QUERIES for frame in self.frames) - 1
            check_nesting(self.statement, token, subqueries, MAX_SUBQUERIES)
        self.due = Due.CLAUSE if frame in QUERIES else Due.OPERAND

    def _close(self, token: Token) -> Frame:
        frame = self.frames[-1]
        if len(self.frames) == 1 or frame.value[1] != token.upper:
            hint = " before the END of CASE" if frame is Frame.CASE else ""
            self._reject(token, f"{token.text} closes nothing{hint}.")
        return self._leave()

    def _leave(self) -> Frame:
        """Leave a frame; what it held is as deep below the operand that goes on."""
        inner = self.depths.pop()
        self.depths[-1].hold(inner)
        self.due = Due.OPERATOR
        return self.frames.pop()

    def _refuse_clause(self, token: Token, reason: str) -> NoReturn:
        refuse(self.statement, token.offset, token.text, f"{reason}.", _QUOTE_IT)

    def _refuse_unknown(self, token: Token) -> NoReturn:
        if token.upper in words.OTHER_CLAUSES:
            self._refuse_clause(token, words.OTHER_CLAUSES[token.upper])
        self._reject(
            token,
            f"{token.text[:40]} is no reading clause or operator.",
            "Allowed are MATCH, OPTIONAL MATCH, WHERE, WITH, UNWIND, CALL {...}, UNION, RETURN, "
            "ORDER BY, SKIP and LIMIT.",
        )

    def _reject(self, token: Token, reason: str, mend: str = "") -> NoReturn:
        reject(self.statement, token.offset, reason, mend)


_WORD_WHERE: dict[Due, Callable[[_Check, Token], bool]] = {
    Due.CLAUSE: _Check._word_where_clause,
    Due.OPERAND: _Check._word_where_operand,
    Due.OPERATOR: _Check._word_where_operator,
    Due.EITHER: _Check._word_where_either,
}
