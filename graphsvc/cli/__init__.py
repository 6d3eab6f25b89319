"""The command line: `graphsvc ...`.

Data goes to stdout, messages to stderr. Commands import what they need when they run, so that
`graphsvc --help` is there at once.
"""

from graphsvc.cli.program import main

__all__ = ["main"]
