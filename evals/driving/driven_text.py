"""Write what came of a load as lines for a terminal. Knows no server and measures nothing."""

from collections.abc import Iterator

from evals.driving.driven import Load, Share, Waits


def load_lines(came_of_it: Load) -> Iterator[str]:
    """Yield what came of a load, a line at a time."""
    summary, everyone = came_of_it.summary, came_of_it.summary.everyone
    yield (
        f"{came_of_it.address}: {_counted(came_of_it.users, 'user')} for {came_of_it.minutes:g} min, thinking "
        f"{came_of_it.think_seconds:g} s, set {came_of_it.set_name} (N={came_of_it.cases}), seed {came_of_it.seed}"
    )
    yield (
        f"  {_counted(everyone.questions, 'question')}: {everyone.answered} answered, "
        f"{_counted(everyone.errors, 'error')}, {everyone.unfinished} unfinished"
    )
    rate = summary.answers_per_minute
    yield f"  {'answers a minute':<26}{'not measured' if rate is None else f'{rate:.1f}'}"
    fairness = "somebody got none" if summary.fairness is None else f"{summary.fairness:.2f}"
    most, fewest = summary.most_answers, summary.fewest_answers
    yield f"  {'fairness (1 is fair)':<26}{fairness} (most {most}, fewest {fewest} answers a user)"
    yield from _waits_table(everyone)
    yield _usage_line(came_of_it)
    yield f"  {'user':<8}{'questions':>10}{'answered':>10}{'errors':>8}{'p50':>8}{'p95':>8}{'max':>8}   whole answer, s"
    for number, share in summary.users.items():
        wait = "".join(_cell(one) for one in (share.complete.p50, share.complete.p95, share.complete.max))
        yield f"  {number:<8}{share.questions:>10}{share.answered:>10}{share.errors:>8}{wait}"
    for failure in summary.failures:
        references = f" ({', '.join(failure.references)})" if failure.references else ""
        yield f"  {failure.count} x {failure.sentence}{references}"


def _waits_table(share: Share) -> Iterator[str]:
    yield f"  {'seconds':<26}{'p50':>8}{'p95':>8}{'max':>8}{'N':>6}{'unscored':>10}"
    rows: dict[str, Waits] = {
        "to the first sign of life": share.life,
        "to the first source": share.source,
        "to the whole answer": share.complete,
        "in the queue": share.queue,
        "between two tokens": share.token_gap,
    }
    for name, wait in rows.items():
        cells = "".join(_cell(one) for one in (wait.p50, wait.p95, wait.max))
        yield f"  {name:<26}{cells}{wait.n:>6}{wait.unscored:>10}"


def _usage_line(came_of_it: Load) -> str:
    usage = came_of_it.usage
    if usage is None:
        return "  The chat's memory and processor time: unscored."
    return (
        f"  process {usage.process}: memory {usage.memory_mebibytes:.0f} MiB "
        f"(before {usage.memory_before_mebibytes:.0f}, highest {usage.peak_mebibytes:.0f}); "
        f"processor {usage.processor_seconds:.1f} s, {usage.cores:.2f} cores; "
        f"this command {came_of_it.driver_processor_seconds:.1f} s"
    )


def _cell(seconds: float | None) -> str:
    return f"{'-':>8}" if seconds is None else f"{seconds:>8.2f}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
