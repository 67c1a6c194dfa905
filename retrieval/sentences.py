"""Find the sentences of a text as character ranges. Dutch and English prose, lists and table rows.

Knows nothing of passages or meaning; it never changes a character, it only says where to cut."""

import re
from collections.abc import Iterator

Range = tuple[int, int]

# Abbreviations after which a full stop does not end a sentence, without the stop and in lower case.
_ABBREVIATIONS = frozenset(
    """
    aanh adm afb afd alg ambt approx apr art artt aug bde bgen bijl bijv blz bn brig bv ca capt cdr cf co col coy cpl
    dd dec dept dhr dir div dr drs e.a e.d e.g e.o e.v feb genm jan jul jun kapt lkol mrt nov oct okt regt sep sept
    eff eq etc evt ed eds excl fig figs gen gld hfdst hr i.c i.e i.h.b i.o i.p.v i.v.m incl ing inz jl jr kap kol lgen
    ltz lt luit m.a.w m.b.t m.b.v m.i m.i.v m.n m.u.v maj max mevr mgr min mr mrs ms n.a.v n.v.t nl nr nrs o.a o.b.v
    o.g o.i.d o.l.v o.m p.a p.m pag para paras pp prof pt ref refs resp s.v.p sec sect sgt sr st stb stcrt str t.a.v
    t.b.v t.g.v t.n.v t.o.v t.w t.z.t tel trb u.s v.d v.w.b vert vgl vol vs z.g z.i zgn d.d d.m.v d.w.z hr.ms zr zr.ms
    """.split()
)
# The look behind: a run of ten thousand dots is tried once, not from each dot.
_STOP = re.compile(r"""(?<![.!?…])[.!?…]++["'”’)\]]*+(?=\s)""")
_BREAK = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:(?:[-*•–▪◦·]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]|\|))")
_NUMBER_FOLLOWS = re.compile(r"\s+\d")
_LAST_WORD = re.compile(r"[\w.]*$")
# Longer than any abbreviation. Looking back further costs the square of the length of a text full of them.
_LONGEST_WORD = 40
# Dutch sentences may begin with 's or 't before their first capital. Markup begins one too: a role token, a tag or an
# image that stands behind a fact is not to be quoted with it.
_STARTS_SENTENCE = re.compile(r"""\s+(?:["'“‘(\[*_]*(?:['’][a-z] )?[^\W_a-zà-ÿ]|<[|/A-Za-z]|!\[)|\s*\n""")


def sentence_ranges(text: str) -> list[Range]:
    """Return (start, end) of each sentence, trimmed of surrounding white space, in order, not overlapping.

    Every character that is not white space is inside a range."""
    return [
        trimmed
        for start, end in _lines(text)
        for trimmed in (_trim(text, *piece) for piece in _sentences(text, start, end))
        if trimmed[0] < trimmed[1]
    ]


def _lines(text: str) -> Iterator[Range]:
    """Cut at blank lines and before list items and table rows."""
    start = 0
    for match in _BREAK.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _sentences(text: str, start: int, end: int) -> Iterator[Range]:
    begin = start
    for match in _STOP.finditer(text, start, end):
        if match.end() < end and _ends_sentence(text, begin, match, end):
            yield begin, match.end()
            begin = match.end()
    yield begin, end


def _ends_sentence(text: str, begin: int, stop: re.Match[str], end: int) -> bool:
    if not _STARTS_SENTENCE.match(text, stop.end(), end):
        return False
    if stop.group()[0] != ".":
        return True
    found = _LAST_WORD.search(text, max(begin, stop.start() - _LONGEST_WORD), stop.start())
    word = found.group().lower() if found else ""
    if stop.group() == "." and len(word) == 1 and word.isalpha():
        return False
    if word == "no" and _NUMBER_FOLLOWS.match(text, stop.end(), end):
        return False
    # A number at the very start (12. or 2.1.) is a list marker or an article's number, not a sentence.
    numbered = word.replace(".", "").isdigit() and not text[begin : stop.start() - len(word)].strip()
    return word not in _ABBREVIATIONS and not numbered


def _trim(text: str, start: int, end: int) -> Range:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
