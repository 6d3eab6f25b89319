"""Who belongs to what: the rows that a one-mode projection is made from, and its graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphsvc.analysis.adjacency import Adjacency, merged_rows
from graphsvc.analysis.graph import Graph
from graphsvc.analysis.kernels import projection as kernels
from graphsvc.analysis.progress import current
from graphsvc.errors import LimitError

_MOST_ENTRIES = 2**31 - 1


@dataclass(frozen=True)
class Affiliations:
    """Which members belong to which things they have in common; a row for each time a fact says so.

    `member` (int32) is the position of a node of the graph, `common` (int32) that of an id in
    `commons`, and `fact` (int32) the place of the fact. `members` is how many nodes there are.
    """

    member: np.ndarray
    common: np.ndarray
    fact: np.ndarray
    members: int
    commons: list[str]

    def graph(
        self,
        nodes: list[Any],
        node_attributes: Mapping[str, list[Any]] | None = None,
        times: np.ndarray | None = None,
    ) -> Graph:
        """The undirected graph of members that have something in common.

        Belonging twice to one thing is belonging once. An edge has `shared`, how many things both
        have in common; `weight`, the sum over these of 1 / (k - 1), where k is how many members
        each has: who meets in a small circle is closer than who meets in a crowd [1]_; and
        `distance`, 1 / weight.

        Parameters
        ----------
        nodes
            The members, by position.
        times
            How often each fact stands; without it, once. A fact that does not stand joins nobody.

        Raises
        ------
        LimitError
            When more pairs have something in common than a graph holds.

        Notes
        -----
        Time is the sum over things of the square of their members. Sums are added in the order of
        things, so that the same rows give the same bits.

        References
        ----------
        .. [1] M. E. J. Newman, Scientific collaboration networks. II. Shortest paths, weighted
           networks, and centrality, Physical Review E 64, 016132 (2001).
        """
        belongs, back = self._rows(times)
        ends = (belongs.indptr, belongs.indices, back.indptr, back.indices)
        progress = current()
        found = kernels.partners(*ends, progress.begin(self.members))
        progress.check()
        if found.sum() > _MOST_ENTRIES:
            raise LimitError(
                f"{int(found.sum()) // 2:,} pairs have something in common: more than"
                f" {_MOST_ENTRIES // 2:,}.",
                mend="Project through a kind that fewer share.",
                field="through",
            )
        rows = np.zeros(self.members + 1, np.int32)
        np.cumsum(found, out=rows[1:])
        partners, shared, newman = kernels.shares(*ends, rows, progress.begin(self.members))
        progress.check()
        return Graph(
            nodes,
            Adjacency(rows, partners),
            directed=False,
            attributes={"weight": newman, "shared": shared, "distance": 1 / newman},
            node_attributes=node_attributes,
        )

    def _rows(self, times: np.ndarray | None) -> tuple[Adjacency, Adjacency]:
        """What each member belongs to, in order and each once, and the members of each of these."""
        member, common = self.member, self.common
        if times is not None:
            stands = times[self.fact] > 0
            member, common = member[stands], common[stands]
        order = np.lexsort((common, member))
        # One numbering for both, members first.
        both = merged_rows(
            member[order],
            common[order] + np.int32(self.members),
            self.members + len(self.commons),
            directed=True,
        ).adjacency
        back = both.transposed()
        return (
            Adjacency(both.indptr[: self.members + 1], both.indices - np.int32(self.members)),
            Adjacency(back.indptr[self.members :], back.indices),
        )
