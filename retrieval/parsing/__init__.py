"""Read files in worker processes, so that a file that crashes, hangs or swells costs nothing but itself.

Readers             a few workers, kept and used again; load one file, or many in order while workers run ahead
Stopped, Cause      NotLoaded for a file whose worker had to be ended, and why
load_isolated       one file, by workers that this process shares
Limits              what one file may cost"""

from retrieval.limits import Limits
from retrieval.parsing.readers import Readers, load_isolated
from retrieval.parsing.worker_process import Cause, Stopped

__all__ = ["Cause", "Limits", "Readers", "Stopped", "load_isolated"]
