"""The command line: `graphsvc ...`.

Data goes to stdout, messages to stderr. Commands import what they need when they run, so that
`graphsvc --help` is there at once.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and end the process."""
    if sys.argv[1:2] == ["serve"]:
        # Importing the commands takes a moment, in which SIGTERM has its meaning already.
        from graphsvc.cli.stopping import leave_on_sigterm

        leave_on_sigterm()
    from graphsvc.cli.program import main

    main()
