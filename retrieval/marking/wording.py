"""Read a marking from the words that people put on documents.

Knows the usual spellings of the built-in levels. Refuses to guess: words that are left over, or that two policies
share, are an error and not the nearest level."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from retrieval.access import Marking
from retrieval.policies import MEMBERS, POLICIES

# Besides the level's own name, in whatever case and punctuation.
_SPELLINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "NLD": {
        "Departementaal Vertrouwelijk": ("dep v", "depv", "dep vertrouwelijk"),
        "Stg. Confidentieel": ("staatsgeheim confidentieel", "stg c"),
        "Stg. Geheim": ("staatsgeheim geheim", "stg g"),
        "Stg. Zeer Geheim": ("staatsgeheim zeer geheim", "stg zg"),
    },
    "NATO": {
        "NATO RESTRICTED": ("nato diffusion restreinte",),
        "NATO CONFIDENTIAL": ("nato confidentiel",),
        "COSMIC TOP SECRET": ("nato top secret", "cosmic tres secret"),
    },
    "EU": {
        "RESTREINT UE/EU RESTRICTED": ("restreint ue", "eu restricted"),
        "CONFIDENTIEL UE/EU CONFIDENTIAL": ("confidentiel ue", "eu confidential"),
        "SECRET UE/EU SECRET": ("secret ue", "eu secret"),
        "TRÈS SECRET UE/EU TOP SECRET": ("tres secret ue", "eu top secret"),
    },
}
# Only where the policy is named beside them, as in a label: alone they are anybody's.
_BARE: Mapping[str, Mapping[str, str]] = {
    "NLD": {
        "Stg. Confidentieel": "confidentieel",
        "Stg. Geheim": "geheim",
        "Stg. Zeer Geheim": "zeer geheim",
    },
    # The values of Classification in the NATO policy of ADatP-4774, appendix 2.
    "NATO": {
        "NATO UNCLASSIFIED": "unclassified",
        "NATO RESTRICTED": "restricted",
        "NATO CONFIDENTIAL": "confidential",
        "NATO SECRET": "secret",
        "COSMIC TOP SECRET": "top secret",
    },
    "EU": {
        "RESTREINT UE/EU RESTRICTED": "restricted",
        "CONFIDENTIEL UE/EU CONFIDENTIAL": "confidential",
        "SECRET UE/EU SECRET": "secret",
        "TRÈS SECRET UE/EU TOP SECRET": "top secret",
    },
}
_RELEASE = re.compile(r"(?:\s|/|^)\s*(?:rel(?:easable)?(?:\s+to)?|vrij\s?te\s?geven\s+aan)[\s:]+(.+)$", re.IGNORECASE)
_APART = re.compile(r"[\s,;/|]+")
_NATION = re.compile(r"[A-Z]{3}$")


class MarkingUnclear(ValueError):
    """Words that are no marking, or more than one. Its text is a clause: what is not understood."""


def read_marking(words: str, *, policy: str = "") -> Marking:
    """Read 'NATO SECRET' or 'Stg. Geheim REL NLD/DEU'. Raises MarkingUnclear."""
    release = _RELEASE.search(words)
    policy, level = read_level(words[: release.start()] if release else words, policy=policy)
    nations = read_nations(_APART.split(release[1])) if release else frozenset[str]()
    if release and not nations:
        raise MarkingUnclear(f"'{words.strip()}' does not say to whom it is releasable")
    return Marking(policy, level, nations)


def read_level(words: str, *, policy: str = "") -> tuple[str, str]:
    """Return the (policy, level) that the words name. Raises MarkingUnclear."""
    if policy and (policy := named_policy(policy)) not in POLICIES:
        raise MarkingUnclear(f"there is no policy '{policy}' (there is: {', '.join(POLICIES)})")
    found = spellings(policy=policy).get(folded(words), ())
    if not found:
        raise MarkingUnclear(f"'{words.strip()}' is no level of {policy or 'any policy'}{_levels_of(policy)}")
    if len(found) > 1:
        raise MarkingUnclear(
            f"'{words.strip()}' is a level of {' and of '.join(one for one, _ in found)}: name the policy"
        )
    return found[0]


def read_nations(words: Iterable[str]) -> frozenset[str]:
    """Return the nations and groups of nations that the words name, none for none. Raises MarkingUnclear."""
    nations = {
        word.strip().upper() for word in words if word.strip() and word.strip().casefold() not in ("and", "en", "&")
    }
    for nation in sorted(nations):
        if not is_nation(nation):
            raise MarkingUnclear(
                f"'{nation}' is neither a nation of three letters (ISO 3166-1, such as NLD) nor {' or '.join(MEMBERS)}"
            )
    return frozenset(nations)


def is_nation(word: str) -> bool:
    """Tell whether a word has the form of a nation's code, or is a group's name."""
    return word in MEMBERS or _NATION.match(word) is not None


def named_policy(words: str) -> str:
    """Return the policy of this name, whatever its case; the words themselves when there is none."""
    return next((policy for policy in POLICIES if policy.casefold() == words.strip().casefold()), words.strip())


def bare_level(marking: Marking) -> str:
    """Return the level as a label says it beside its policy: 'SECRET' in the policy NATO."""
    # The other policies have no published value domain; their levels are told by their own names.
    return _BARE["NATO"].get(marking.level, marking.level).upper() if marking.policy == "NATO" else marking.level


def spellings(*, policy: str = "") -> dict[str, tuple[tuple[str, str], ...]]:
    """Map each folded spelling to the (policy, level) pairs it may mean; with a policy, those of that one alone."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, levels in POLICIES.items():
        if policy in ("", name):
            for level in levels:
                bare = [_BARE[name][level]] if policy and level in _BARE.get(name, ()) else []
                for spelling in {folded(level), *_SPELLINGS.get(name, {}).get(level, ()), *bare}:
                    found[spelling] = (*found.get(spelling, ()), (name, level))
    return found


def folded(words: str) -> str:
    """Return words without case, accents and punctuation: 'Stg. GEHEIM' and 'STG GEHEIM' are one."""
    plain = unicodedata.normalize("NFKD", words)
    plain = "".join(character for character in plain if not unicodedata.combining(character)).casefold()
    return " ".join("".join(character if character.isalnum() else " " for character in plain).split())


def _levels_of(policy: str) -> str:
    return f" (there is: {', '.join(POLICIES[policy])})" if policy else ""
