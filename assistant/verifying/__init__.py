"""Check a claim against the text that it cites.

judging      the seam: Verifier and Judgement
checking     what ships: the same in other words, and no difference that a check finds
             (reading: clauses and actors; differences: the checks; deciding: their word classes; matching: words;
             measuring: amounts in other units; placing: from where to where, what belongs to whom)
lexical      stricter: word for word, in order
entailing    any cross-encoder for inference or groundedness on this machine"""

from assistant.verifying.checking import CheckingVerifier
from assistant.verifying.judging import Judgement, Verifier
from assistant.verifying.lexical import LexicalVerifier

__all__ = ["CheckingVerifier", "Judgement", "LexicalVerifier", "Verifier"]
