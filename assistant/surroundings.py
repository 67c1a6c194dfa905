"""Set what libraries read from the environment when they are imported: nothing reports home, no thread hogs a core.

Call `prepare` before importing anything heavy. Knows no library's interface, only its switches."""

import os

SWITCHES = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "OTEL_SDK_DISABLED": "true",
    "TOKENIZERS_PARALLELISM": "false",
    "TRACELOOP_TELEMETRY": "false",
    "TRANSFORMERS_OFFLINE": "1",
}
"""Whatever the operator's shell says: a switch that is off stays off."""

# Threads that wait for each other spin by default. On 2 cores with one of them busy, the first token of a 300-token
# prompt took 1.6 to 9.1 s so, and 0.7 to 1.0 s when waiting threads sleep; with both cores free 0.55 against 1.0 s.
_THREADS = {"OMP_WAIT_POLICY": "PASSIVE"}


def prepare() -> None:
    """Set the switches. An operator who knows the machine may set OMP_WAIT_POLICY."""
    os.environ.update(SWITCHES)
    for name, value in _THREADS.items():
        os.environ.setdefault(name, value)
