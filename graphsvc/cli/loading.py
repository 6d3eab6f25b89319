"""`graphsvc load`, `dump` and `restore`: what changes the graph, and what carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from graphsvc.cli.connecting import SeedOption, database_and_seed, with_database
from graphsvc.cli.files import opened, written_whole
from graphsvc.cli.messages import say, waiting
from graphsvc.cli.printing import ReportFormatOption, print_json, print_table
from graphsvc.model.choices import ReportFormat

if TYPE_CHECKING:
    from graphsvc.seeding.comparing import Changes, Plan
    from graphsvc.settings import Settings
    from graphsvc.store.database import Database
    from graphsvc.usecases.loading.load import Preview

_MOST_IDS_SHOWN = 20


def load(
    seed: SeedOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; change nothing.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the whole graph if it holds another seed.")
    ] = False,
    allow_retract: Annotated[
        bool, typer.Option("--allow-retract", help="Allow more than a tenth of the facts to go.")
    ] = False,
    chosen: ReportFormatOption = ReportFormat.TABLE,
) -> None:
    """Make the graph hold a seed: add, change and retract facts; keep history."""
    import asyncio

    from graphsvc.settings import load_settings

    settings = load_settings(seed_dir=seed)
    allowed = {"replace_seed": replace, "allow_retract": allow_retract}
    if dry_run:
        seen = asyncio.run(_preview(settings, **allowed))
        _show(seen.plan, chosen)
        say("Nothing was changed (--dry-run).")
        if seen.refusal is not None:
            say("Without --dry-run this would be refused:")
            raise seen.refusal
    else:
        _show(asyncio.run(_load(settings, **allowed)), chosen)


async def _load(settings: Settings, **allowed: bool) -> Plan:
    from graphsvc.usecases.loading.load import load

    with waiting("Loading ...") as shown:
        async with database_and_seed(settings) as (database, seed):
            return await load(database, seed, say=shown.say, progress=shown.progress, **allowed)


async def _preview(settings: Settings, **allowed: bool) -> Preview:
    from graphsvc.usecases.loading.load import preview

    with waiting("Planning ..."):
        async with database_and_seed(settings) as (database, seed):
            return await preview(database, seed, **allowed)


def _show(plan: Plan, chosen: ReportFormat) -> None:
    if chosen is ReportFormat.JSON:
        print_json(plan.report())
        _say_other_changes(plan)
    else:
        _print_plan(plan)
    if plan.vocabulary_changed and plan.facts.unchanged:
        say("The vocabulary changes.")


def _say_other_changes(plan: Plan) -> None:
    for what, changes in (("entities", plan.entities), ("documents", plan.documents)):
        if changes.count:
            numbers = ", ".join(f"{len(ids)} {how}" for how, ids in _by_kind(changes)[:3])
            say(f"{what}: {numbers}.")


def _by_kind(changes: Changes) -> list[tuple[str, tuple[str, ...]]]:
    return [(how, getattr(changes, how)) for how in ("added", "changed", "retracted", "unchanged")]


def _print_plan(plan: Plan) -> None:
    kinds = ("documents", "entities", "facts")
    print_table(
        ["", "added", "changed", "retracted", "unchanged"],
        [[kind, *(len(ids) for _, ids in _by_kind(getattr(plan, kind)))] for kind in kinds],
    )
    for how, ids in _by_kind(plan.facts)[:3]:
        if 0 < len(ids) <= _MOST_IDS_SHOWN:
            typer.echo(f"{how}: {', '.join(ids)}")


def dump(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file to write, or - for stdout.")],
) -> None:
    """Write the whole graph, history included, as NDJSON."""
    from graphsvc.settings import load_settings

    async def work(database: Database) -> None:
        from graphsvc.usecases.loading.dump import dump

        with waiting("Dumping ..."), written_whole(file) as out:
            counts = await dump(database, out)
        say(f"{counts.nodes} nodes and {counts.relationships} relationships dumped.")

    with_database(load_settings(), work)


def restore(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file to read, or - for stdin.")],
    check: Annotated[
        bool, typer.Option("--check", help="Check the dump; write nothing, need no database.")
    ] = False,
) -> None:
    """Fill an empty graph from a dump."""
    from graphsvc.settings import load_settings

    if check:
        _check(file)
        return

    async def work(database: Database) -> None:
        from graphsvc.usecases.loading.restore import restore

        with waiting("Restoring ...") as shown, opened(file) as source:
            counts = await restore(database, source, shown.say, shown.progress)
        say(f"{counts.nodes} nodes and {counts.relationships} relationships restored.")

    with_database(load_settings(), work)


def _check(file: str) -> None:
    from graphsvc.usecases.loading.dump_reading import check_dump

    with waiting("Checking ..."), opened(file) as source:
        counts = check_dump(source)
    say(
        f"{counts.nodes} nodes and {counts.relationships} relationships: the dump is whole and"
        " right. Nothing was written."
    )
