"""Serve the tools over stdio from an installation without weights: `python -m ...stdio HOME`."""

import sys
from pathlib import Path

from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.programs.library import Library
from assistant.entrypoints.programs.questioning import Questions
from assistant.entrypoints.tools.serving import serve_stdio
from tests.assistant.entrypoints.programs.house import an_installation

if __name__ == "__main__":
    installation = an_installation(Path(sys.argv[1]))
    assistant = PreparedAssistant(lambda: installation.assistant)
    serve_stdio(installation.settings.principal, Library(installation), Questions(assistant))
