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
    text = open(path, encoding="utf-8").read()
    return {b.split("==")[0]: b for b in re.split(r"(?m)^(?=[a-z0-9])", text) if "==" in b}
def is_ours(name):
    return not name.startswith(("nvidia-", "cuda-", "triton")) and name != "llm"
have = {name: b for name, b in blocks("requirements.lock").items() if is_ours(name)}
open("requirements.lock", "w", encoding="utf-8").write("".join(b for _, b in sorted(have.items())))
rest = [b for name, b in sorted(blocks("requirements-all.lock").items()) if name not in have and is_ours(name)]
open("requirements-dev.lock", "w", encoding="utf-8").write("".join(rest))
END
rm requirements-all.lock
