"""What owners and documents state about who may read them, and from when until when.

What is stated          state, Stated; HeldIn: of a message that a document hangs on
By the owner            read_manifests, parse_manifest, Manifest, Rule, ManifestInvalid
By a label              Label, read_label, write_label, is_label, LabelInvalid
Beside a document       labels_beside, is_sidecar
On a document           suggest, Suggestion: only ever a suggestion
In words                read_marking, MarkingUnclear"""

from retrieval.marking.labels import Label, LabelInvalid, is_label, read_label, write_label
from retrieval.marking.manifest import Manifest, ManifestInvalid, Rule, parse_manifest, read_manifest, read_manifests
from retrieval.marking.sidecars import is_sidecar, labels_beside
from retrieval.marking.stated import HeldIn, state
from retrieval.marking.statement import Stated
from retrieval.marking.suggesting import Suggestion, suggest
from retrieval.marking.wording import MarkingUnclear, read_marking

__all__ = [
    "HeldIn",
    "Label",
    "LabelInvalid",
    "Manifest",
    "ManifestInvalid",
    "MarkingUnclear",
    "Rule",
    "Stated",
    "Suggestion",
    "is_label",
    "is_sidecar",
    "labels_beside",
    "parse_manifest",
    "read_label",
    "read_manifest",
    "read_manifests",
    "read_marking",
    "state",
    "suggest",
    "write_label",
]
