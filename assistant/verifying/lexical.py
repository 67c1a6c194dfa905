"""Support a claim only where its words stand in the cited text in their order: the strictest of the verifiers.

A paraphrase it withholds. It does not know where text comes from."""

import re
from collections.abc import Sequence

from assistant.answers import Verdict
from assistant.verifying.judging import Judgement, empty, kindest, plain, says_verbatim
from retrieval.languages import Language, detect_language
from retrieval.lexical import stems
from retrieval.sentences import sentence_ranges

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NEGATION = re.compile(
    r"\b(not|no|never|none|nor|neither|without|cannot|\w+n['’]t|niet|geen|nooit|noch|zonder|nergens|niemand)\b",
    re.IGNORECASE,
)
# Function words that decide what is claimed, so that a claim may not bring its own ... ("May" is a month.)
_DECIDING = re.compile(
    r"\b((?-i:may)|might|must|shall|should|before|after|until|since|above|below|over|under|from|to|all|every|each|any"
    r"|mag|mogen|moet|moeten|dient|voor|na|tot|sinds|boven|onder|naar|alle|elke|ieder)\b",
    re.IGNORECASE,
)
# ... and those on which a statement depends, so that a claim may not leave them out either.
_CONDITIONS = re.compile(
    r"\b((?-i:may)|might|should|could|would|can|only|unless|except|provided|if|when|while|likely|planned|possibly"
    r"|reported|report|false|mag|mogen|kan|kunnen|zou|zouden|alleen|tenzij|behalve|mits|indien|als|wanneer|zolang|zodra"
    r"|waarschijnlijk|mogelijk|gepland|gemeld|onjuist)\b",
    re.IGNORECASE,
)
# Share of a claim's stems that stand in the cited text, in its order. Supported takes all of them: in a sentence of ten
# words one other word is another name, another direction or the opposite.
_PARTLY = 0.5


class LexicalVerifier:
    """Supported when every number, the negation, the conditions and all words, in order, stand in the cited text."""

    def verify(self, claim: str, cited: Sequence[str]) -> Judgement:
        if judged := empty(claim, cited):
            return judged
        # Each alone: half of a claim from one source and half from another is a third statement.
        return kindest([self._judge(claim, " ".join(one.split())) for one in cited if one.strip()])

    def _judge(self, claim: str, text: str) -> Judgement:
        if says_verbatim(claim, text, [text[start:end] for start, end in sentence_ranges(text)]):
            return Judgement(Verdict.SUPPORTED, ("word for word in the cited text",))
        if wrong := sorted(set(_NUMBER.findall(claim)) - set(_NUMBER.findall(text))):
            return Judgement(Verdict.UNSUPPORTED, (f"not in the cited text: {', '.join(wrong)}",))
        if len(_NEGATION.findall(claim)) != len(_NEGATION.findall(text)):
            return Judgement(Verdict.UNSUPPORTED, ("claim and cited text are not negated alike",))
        told, there = _NUMBER.findall(claim), _NUMBER.findall(text)
        runs = [there[at : at + len(told)] for at in range(len(there))]
        # One number may be another thing's unless it is the first; two or more in a row belong together.
        if told and there[: len(told)] != told and (len(told) == 1 or told not in runs):
            return Judgement(Verdict.PARTLY, ("the cited text has other numbers before these, or in another order",))
        if other := sorted(_words(_DECIDING, claim) - _words(_DECIDING, text)):
            return Judgement(Verdict.PARTLY, (f"not in the cited text: {', '.join(other)}",))
        if left_out := sorted(_words(_CONDITIONS, text) - _words(_CONDITIONS, claim)):
            return Judgement(Verdict.PARTLY, (f"the cited text also says: {', '.join(left_out)}",))
        if re.search(rf"(?<!\w){re.escape(plain(claim))}(?!\w)", plain(text)):
            return Judgement(Verdict.SUPPORTED, ("word for word in the cited text",))
        return _by_words(claim, text)


def _by_words(claim: str, text: str) -> Judgement:
    # Of both together: the language of a short claim can be misjudged.
    share, missing = _contained(claim, text, detect_language(f"{text} {claim}"))
    told = f"{share:.0%} of its words stand in the cited text in the same order"
    reasons = (told, f"missing: {', '.join(missing)}") if missing else (told,)
    if share == 1:
        return Judgement(Verdict.SUPPORTED, reasons)
    return Judgement(Verdict.PARTLY if share >= _PARTLY else Verdict.UNSUPPORTED, reasons)


def _contained(claim: str, text: str, language: Language) -> tuple[float, tuple[str, ...]]:
    """Return the share of the claim's stems found in the order of the text, and the stems that are nowhere in it.

    In order, because 'the brigade supports the battalion' has the same words as its reverse."""
    wanted = stems(claim, language)
    there = stems(text, language)
    missing = tuple(dict.fromkeys(stem for stem in wanted if stem not in set(there)))
    return (_longest_common_subsequence(wanted, there) / len(wanted) if wanted else 0.0), missing


def _words(kind: re.Pattern[str], text: str) -> set[str]:
    return {word.lower() for word in kind.findall(text)}


def _longest_common_subsequence(left: Sequence[str], right: Sequence[str]) -> int:
    lengths = [0] * (len(right) + 1)
    for one in left:
        diagonal = 0
        for position, other in enumerate(right, start=1):
            above = lengths[position]
            lengths[position] = diagonal + 1 if one == other else max(above, lengths[position - 1])
            diagonal = above
    return lengths[-1]
