"""`stafwijzer eval report` writes whole files, and says in one sentence what it cannot do."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evals.comparing import RunsDiffer
from evals.report.command import ReportUnwritable, report
from evals.runs import Run, RunUnknown
from tests.evals.report.staging import a_case, a_record, a_run, an_earlier_run, every_end


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "stafwijzer.toml").write_text(f'home = "{tmp_path}"\n[access]\nclearance = {{ NLD = "Stg. Geheim" }}\n')
    return a_run(tmp_path / "evals", every_end())


def asked(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(report, arguments, obj=tmp_path / "stafwijzer.toml")


def test_the_page_is_written_beside_the_run(tmp_path: Path, run: Run) -> None:
    done = asked(tmp_path, run.name)
    assert done.exit_code == 0, done.output
    assert done.output == f"{run.path / 'report.html'}: 25 cases, Stg. Geheim\n"
    assert (run.path / "report.html").read_text(encoding="utf-8").endswith("</html>\n")
    assert stat.S_IMODE((run.path / "report.html").stat().st_mode) == 0o600


def test_it_is_written_where_asked_against_an_earlier_run(tmp_path: Path, run: Run) -> None:
    page = tmp_path / "page.html"
    earlier = an_earlier_run(tmp_path / "evals")
    done = asked(tmp_path, run.name, "--against", earlier.name, "--to", str(page))
    assert done.exit_code == 0, done.output
    assert "Cases that flipped" in page.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


def test_markdown_and_json_are_printed_or_written(tmp_path: Path, run: Run) -> None:
    assert asked(tmp_path, run.name, "--markdown").output.startswith("**Stg. Geheim**\n")
    assert json.loads(asked(tmp_path, run.name, "--json").output)["run"] == run.name
    asked(tmp_path, run.name, "--json", "--to", str(tmp_path / "report.json"))
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["run"] == run.name
    assert asked(tmp_path, run.name, "--json", "--markdown").exit_code == 2


def test_what_cannot_be_done_is_said(tmp_path: Path, run: Run) -> None:
    other = a_run(tmp_path / "evals", [(a_case("other"), a_record("other", "MLC 40"))])
    assert isinstance(asked(tmp_path, "nothing").exception, RunUnknown)
    assert isinstance(asked(tmp_path, run.name, "--against", other.name).exception, RunsDiffer)
    refused = asked(tmp_path, run.name, "--to", str(tmp_path / "no" / "such" / "folder.html")).exception
    assert isinstance(refused, ReportUnwritable)
    assert "No such file or directory" in refused.problem
