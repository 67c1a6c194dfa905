"""`stafwijzer coa`: from a problem to courses of action and a decision, at the command line.

Work    new, frame, lock, develop, screen, wargame
Look    list, show, schema
Decide  edit, add, criteria, score, decide, withhold, memo"""

import click

from assistant.entrypoints.planning import deciding, looking, working

_EPILOG = """\b
  stafwijzer coa new --file problem.md      frame it from the documents; read it, mend it with `edit`
  stafwijzer coa lock ID                    then courses can be developed
  stafwijzer coa develop ID                 courses with cited facts, assumptions and gaps
  stafwijzer coa screen ID
  stafwijzer coa criteria ID criteria.json  and lock them: `coa lock ID --criteria`
  stafwijzer coa score ID coa-1 time "4.5 hour"
  stafwijzer coa decide ID coa-1 --reason "..."
  stafwijzer coa memo ID --to folder

The beginning of an ID will do. A command that was stopped goes on when it is given again.
"""


@click.group(epilog=_EPILOG)
def coa() -> None:
    """Work out courses of action for a problem, compare them, and write the memo that decides."""


for _command in (*working.COMMANDS, *looking.COMMANDS, *deciding.COMMANDS):
    coa.add_command(_command)

__all__ = ["coa"]
