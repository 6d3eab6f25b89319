"""The leading eigenvector of a symmetric matrix that is known by its products alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from graphsvc.analysis.convergence import not_converged
from graphsvc.analysis.progress import current

_MOST_VECTORS = 20
_KEPT = 5
_ROUNDING = 64 * np.finfo(np.float64).eps


def leading_vector(
    times: Callable[[np.ndarray], np.ndarray], start: np.ndarray, restarts: int, tol: float
) -> np.ndarray:
    """The unit eigenvector of the largest eigenvalue, its entries adding up to no less than 0.

    Lanczos' method with full orthogonalization, thick restarts and no more than twenty vectors in
    memory. Where the eigenvalue is a multiple one: the projection of `start`.

    Parameters
    ----------
    times
        The product with a vector.
    tol
        The residual that is good enough, by the eigenvalue; never below what rounding allows.

    Raises
    ------
    networkx.PowerIterationFailedConvergence
        When the residual is not good enough after so many restarts.

    References
    ----------
    .. [1] K. Wu, H. Simon, Thick-Restart Lanczos Method for Large Symmetric Eigenvalue Problems,
       SIAM J. on Matrix Analysis and Applications 22 (2000).
    """
    most = min(_MOST_VECTORS, start.size)
    basis, projected = np.zeros((most, start.size)), np.zeros((most, most))
    basis[0] = start / _length(start)
    progress, held, residual = current(), 0, np.inf
    state = progress.begin(restarts)
    for restart in range(restarts):
        for last in range(held, most):
            rest, projected[: last + 1, last] = _orthogonal(times(basis[last]), basis[: last + 1])
            projected[last, : last + 1] = projected[: last + 1, last]
            progress.check()
            length = _length(rest)
            if not np.isfinite(length):
                raise not_converged(restarts, length, tol)
            values, vectors = np.linalg.eigh(projected[: last + 1, : last + 1])
            residual = length * abs(vectors[-1, -1]) / values[-1]
            if residual <= max(tol, _ROUNDING) or last + 1 == start.size:
                found: np.ndarray = _combined(vectors[:, -1:], basis[: last + 1])[0]
                return found if found.sum() >= 0 else -found
            if last + 1 < most:
                basis[last + 1] = rest / length
        held = min(_KEPT, most - 1)
        basis[:held] = _combined(vectors[:, -held:], basis)
        basis[held] = rest / length
        projected[:] = 0
        np.fill_diagonal(projected[:held, :held], values[-held:])
        state[0] = restart + 1
    raise not_converged(restarts, residual, tol)


def _length(x: np.ndarray) -> float:
    # Not by BLAS, whose sums depend on its number of threads; nor below.
    return float(np.sqrt(np.square(x).sum()))


def _orthogonal(x: np.ndarray, basis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is left of `x` outside of `basis`, and its parts along it; twice, for rounding."""
    parts = np.zeros(len(basis))
    for _ in range(2):
        along = np.einsum("ij,j->i", basis, x)
        x = x - np.einsum("i,ij->j", along, basis)
        parts += along
    return x, parts


def _combined(weights: np.ndarray, basis: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.einsum("ik,ij->kj", weights, basis)
    return found
