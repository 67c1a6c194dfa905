"""The scales of marking that an installation knows, and the groups of nations that a text can be released to.

Tables and how an operator adds to them. Knows nothing of markings or of who may read."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

BUILT_IN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # Voorschrift Informatiebeveiliging Rijksdienst Bijzondere Informatie 2013 (VIRBI).
        "NLD": (
            "Ongerubriceerd",
            "Departementaal Vertrouwelijk",
            "Stg. Confidentieel",
            "Stg. Geheim",
            "Stg. Zeer Geheim",
        ),
        # C-M(2002)49.
        "NATO": (
            "NATO UNCLASSIFIED",
            "NATO RESTRICTED",
            "NATO CONFIDENTIAL",
            "NATO SECRET",
            "COSMIC TOP SECRET",
        ),
        # Council Decision 2013/488/EU, article 2. It has no level for what is not classified.
        "EU": (
            "RESTREINT UE/EU RESTRICTED",
            "CONFIDENTIEL UE/EU CONFIDENTIAL",
            "SECRET UE/EU SECRET",
            "TRÈS SECRET UE/EU TOP SECRET",
        ),
    }
)

_policies: dict[str, tuple[str, ...]] = dict(BUILT_IN)
POLICIES: Mapping[str, tuple[str, ...]] = MappingProxyType(_policies)
"""Each policy with its levels from low to high. No order and no equivalence is assumed between two policies."""

# ISO 3166-1 alpha-3. NATO since Sweden's accession on 7 March 2024, the EU since the United Kingdom left it on
# 1 February 2020. Deliberately one table and not one for each date: a question's date is the asker's to choose, and
# must not open what a nation's membership no longer does.
MEMBERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "NATO": frozenset(
            "ALB BEL BGR CAN CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN ISL"
            " ITA LTU LUX LVA MKD MNE NLD NOR POL PRT ROU SVK SVN SWE TUR USA".split()
        ),
        "EU": frozenset(
            "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN"
            " IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVK SVN SWE".split()
        ),
    }
)
"""The nations of each group that a text can be releasable to."""


def policies_with(own: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return the built-in policies with an operator's own added.

    Raises ValueError, in one sentence, for a policy without a name or levels, a level without a name or named twice,
    and a built-in policy that loses levels or has them in another order: what is stored under it would mean less."""
    for policy, levels in own.items():
        if not policy.strip() or not levels or not all(level.strip() for level in levels):
            raise ValueError(f"the policy '{policy}' needs a name and levels with a name, from low to high")
        if len({level.casefold() for level in levels}) < len(levels):
            raise ValueError(f"the policy '{policy}' names a level twice")
        kept = tuple(level for level in levels if level in BUILT_IN.get(policy, ()))
        if kept != BUILT_IN.get(policy, ()):
            raise ValueError(
                f"the policy '{policy}' is built in: levels can be put between its own ({', '.join(BUILT_IN[policy])}),"
                " none left out or moved"
            )
    return {**BUILT_IN, **{policy: tuple(levels) for policy, levels in own.items()}}


def establish_policies(own: Mapping[str, Sequence[str]]) -> None:
    """Make these the operator's own policies, for the whole process, instead of those established before.

    Raises ValueError, as `policies_with`, and then changes nothing."""
    established = policies_with(own)
    # In this order no thread ever sees a policy missing that is there before and after.
    _policies.update(established)
    for policy in _policies.keys() - established.keys():
        del _policies[policy]
