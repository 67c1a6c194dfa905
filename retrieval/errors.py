"""Errors that a user can act on. Everything else is a defect and is left to show itself."""


class StafwijzerError(Exception):
    """Something the user can mend: the message names the thing, the hint says what to do.

    Entry points print `str(error)` and leave with exit code 1."""

    def __init__(self, problem: str, *, hint: str) -> None:
        super().__init__(problem, hint)
        self.problem = problem
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.problem} {self.hint}"
