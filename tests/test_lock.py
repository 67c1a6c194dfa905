"""The locks hold what the project declares, for the Python that runs this, with hashes and without an address."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

_ROOT = Path(__file__).resolve().parents[1]


def _locked(*names: str) -> Iterator[Requirement]:
    for name in names:
        for line in (_ROOT / name).read_text(encoding="utf-8").splitlines():
            if re.match(r"[a-z0-9]", line):
                requirement = Requirement(line.rstrip(" \\"))
                if requirement.marker is None or requirement.marker.evaluate():
                    yield requirement


def _declared(*extras: str) -> set[str]:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return {_plain(Requirement(line).name) for line in lines}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_declared_package_is_pinned_for_this_python() -> None:
    locked = list(_locked("requirements.lock", "requirements-torch.txt"))
    assert _declared("build") <= {_plain(one.name) for one in locked}
    assert all(re.fullmatch(r"==[^,*]+", str(one.specifier)) for one in locked)


def test_the_development_lock_adds_what_development_needs_and_repeats_nothing() -> None:
    run = [_plain(one.name) for one in _locked("requirements.lock", "requirements-torch.txt")]
    more = [_plain(one.name) for one in _locked("requirements-dev.lock")]
    assert _declared("build", "dev") <= {*run, *more}
    assert len({*run, *more}) == len(run) + len(more)


def test_the_locks_name_no_index_and_no_cuda_library() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (_ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert not re.search(r"(?m)^(nvidia|cuda|triton)", text)
        assert text.count("--hash=sha256:") >= len(list(_locked(name)))
