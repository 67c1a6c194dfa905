"""`stafwijzer eval`: the evaluator's commands. Each loads its module when it is used."""

from importlib import import_module

import click

_COMMANDS = {
    "run": "evals.commands.running:run_",
    "list": "evals.commands.showing:list_",
    "show": "evals.commands.showing:show",
    "report": "evals.report.command:report",
    "compare": "evals.commands.comparing:compare",
    "gate": "evals.commands.gating:gate",
    "ablate": "evals.commands.ablating:ablate",
    "judge": "evals.judging.command:judge",
    "agreement": "evals.judging.command:agreement",
    "verifier": "evals.commands.verifying:verifier",
    "check": "evals.commands.sets:check",
    "schema": "evals.commands.sets:schema",
    "import": "evals.importing.command:import_",
    "export": "evals.commands.exporting:export",
    "drafts": "evals.commands.drafting:drafts",
    "load": "evals.driving.command:load",
}
_EPILOG = """\b
  stafwijzer eval run examples                     ask, record, score
  stafwijzer eval report RUN --to report.html      every case, and which stage lost it
  stafwijzer --settings b.toml eval run examples   another configuration
  stafwijzer eval compare RUN_A RUN_B              what changed, and whether it is more than chance
  stafwijzer eval gate RUN gate.toml               exit code 1 when it may not pass

docs/evaluating.md tells the whole way.
"""


class _Group(click.Group):
    """Loads a command's module when the command is used: `--help` does not wait for the rest."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, attribute = _COMMANDS[name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=_Group, epilog=_EPILOG)
def evaluate() -> None:
    """Measure the assistant on questions with known answers."""
