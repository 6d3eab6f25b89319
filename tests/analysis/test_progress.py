"""How far a computation is, also where its steps have stages of their own, and its end."""

from __future__ import annotations

import pytest

from graphsvc.analysis.progress import CancelledError, Progress, current


def test_the_fraction_is_that_of_the_stage_at_work() -> None:
    with Progress() as progress:
        assert (progress.fraction, progress.seconds_left) == (0, None)
        state = current().begin(4)
        state[0] = 1
        assert progress.fraction == 0.25
        state[0] = 9
        assert progress.fraction == 1
        current().begin(10)
        assert progress.fraction == 0


def test_stages_of_a_step_are_parts_of_it() -> None:
    seen = []
    with Progress() as progress:
        for _ in progress.steps(2):
            seen.append(progress.fraction)
            state = current().begin(4)
            state[0] = 2
            seen.append(progress.fraction)
            for _ in progress.steps(10):
                pass
        assert seen == [0, 0.25, 0.5, 0.75]
        assert progress.fraction == 1
        assert progress.seconds_left == 0
        current().begin(8)[0] = 2
        assert progress.fraction == 0.25


@pytest.mark.parametrize("within", [False, True])
def test_who_is_cancelled_ends_at_the_next_look(within: bool) -> None:
    with Progress() as progress:
        steps = progress.steps(3)
        next(steps)
        state = progress.begin(5) if within else progress.state
        progress.cancel()
        assert state[1] == 1
        with pytest.raises(CancelledError):
            next(steps)
        with pytest.raises(CancelledError):
            current().begin(1)


def test_nobody_sees_the_progress_where_none_was_begun() -> None:
    assert current() is not current()
