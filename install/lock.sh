#!/bin/sh
# Resolve pyproject.toml into the two hashed locks. torch and what only its CUDA builds need stay out: which build is
# right differs by machine, and requirements-torch.txt brings it with what it wants.
set -e
links=${PIP_FIND_LINKS:+--find-links $PIP_FIND_LINKS}
compile() {
    uv pip compile pyproject.toml "$@" $links --universal --python-version 3.11 --generate-hashes --quiet \
        --no-emit-index-url --no-emit-find-links --no-annotate --no-header --no-emit-package torch
}
compile --extra build --output-file requirements.lock
compile --extra build --extra dev --constraint requirements.lock --output-file requirements-all.lock
# The dev lock holds what the first one lacks.
python3 - <<'END'
import re

def blocks(path):
    """One entry for each requirement: its first line, with version and marker, and its hashes."""
    text = open(path, encoding="utf-8").read()
    found = (block for block in re.split(r"(?m)^(?=[a-z0-9])", text) if "==" in block)
    return {block.splitlines()[0]: block for block in found if not re.match(r"nvidia-|cuda-|triton|llm==", block)}

have = blocks("requirements.lock")
open("requirements.lock", "w", encoding="utf-8").write("".join(have.values()))
rest = [block for line, block in blocks("requirements-all.lock").items() if line not in have]
open("requirements-dev.lock", "w", encoding="utf-8").write("".join(rest))
END
rm requirements-all.lock
