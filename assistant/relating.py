"""Say by what words a text tells what a question asks: 'founded' is told by opened, an artist by an album or a band.

Word lists, Dutch and English, across the two. Looser than what a verifier may take for the same: it chooses sentences
and proves nothing. Knows nothing of evidence."""

from collections.abc import Iterator, Mapping
from functools import cache

from retrieval.languages import LANGUAGES, Language
from retrieval.lexical import stems, words_of
from retrieval.terms import packaged_terms
from retrieval.vocabulary import Vocabulary

# How many words the initials of an acronym stand for.
_INITIALS = (3, 4, 5)
# English, then Dutch: whatever of a line is asked for, any other word of it may tell.
_RELATIONS = """
    founded foundation establish established form formed create created open opened instituted organised began
        | opgericht oprichting gesticht stichting gevormd geopend opening ingesteld
    built build construct constructed construction erected completed founded opened
        | gebouwd bouw bouwen aangelegd aanleg voltooid opgeleverd geopend
    born birth | geboren geboorte
    died die death dead killed | overleden overlijden gestorven sneuvelde gesneuveld
    begin begins start starts commence commences launch | begint begin begon start aanvang aanvangt
    end ends finish conclude close closes expire | eindigt einde eind afloop afgelopen sluit vervalt
    depart departs departure leave leaves | vertrekt vertrek vertrekken afmars
    arrive arrives arrival | arriveert aankomst aankomen
    released release published publication issued appeared premiered | uitgebracht verschenen gepubliceerd uitgegeven
    elected appointed named chosen won became office | gekozen benoemd aangesteld verkozen
    commander commands command leads led leader head chief | commandant commandeert leidt leiding leider hoofd chef
    responsible charge duty task tasked | verantwoordelijk belast taak
    author wrote written write writer novel book | auteur schrijver schreef geschreven boek roman
    directed director film | regisseur geregisseerd regie film
    artist singer band album song single recorded performed musician | artiest zanger zangeres groep album lied nummer
    architect design designed | architect ontwerp ontworpen
    father son daughter child | vader zoon dochter kind
    mother son daughter child | moeder zoon dochter kind
    married wife husband spouse | getrouwd gehuwd echtgenoot echtgenote
    location located situated lies place | locatie ligging ligt gelegen plaats
    population inhabitants people residents live | inwoners inwonertal bevolking mensen wonen
    size area acres hectares large square | oppervlakte grootte groot hectare
    length long | lengte lang
    width wide | breedte breed
    height high tall elevation | hoogte hoog
    depth deep | diepte diep
    weight weigh weighs heavy mass | gewicht weegt zwaar massa
    speed fast | snelheid snel
    distance far away | afstand ver
    cost costs price budget paid | kosten kost prijs budget betaald
    capacity holds seats load | capaciteit draagvermogen
    profession occupation job work career | beroep functie werk
    sport player played plays | sport speler speelde speelt
"""


@cache
def tellers(word: str, language: Language, *, of: Language) -> frozenset[str]:
    """Return the stems, in language `of`, of the words by which a text may tell a word of a question.

    `word`: its stem in its own `language`, which is among them."""
    related = {stem for line in _lines()[language].get(word, ()) for stem in line[of]}
    return frozenset(related | {word})


def words_asked(query: str, language: Language, *, of: Language) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each stem of a question with the stems, in language `of`, by which a text may tell it."""
    rendered: dict[str, frozenset[str]] = {}
    if of != language:
        for one in _vocabulary().render(query, language):
            targets = frozenset(stem for target in one.targets for stem in stems(target, of))
            # A name has its stem in either language.
            rendered |= {word.stem: targets | {*stems(word.text, of)} for word in words_of(one.source, language)}
    short = _shortened(query, language)
    for stem in dict.fromkeys(stems(query, language)):
        yield stem, tellers(stem, language, of=of) | rendered.get(stem, frozenset()) | short.get(stem, frozenset())


def _shortened(query: str, language: Language) -> dict[str, frozenset[str]]:
    """Return the acronyms that words of a question are part of, by stem: initials, and what the term lists say."""
    words = words_of(query, language)
    short: dict[str, set[str]] = {word.stem: set(_acronyms()[language].get(word.stem, ())) for word in words}
    for size in _INITIALS:
        for run in (words[at : at + size] for at in range(len(words) - size + 1)):
            for word in run:
                short[word.stem].add("".join(one.text[0] for one in run))
    return {stem: frozenset(found) for stem, found in short.items()}


@cache
def _acronyms() -> Mapping[Language, Mapping[str, set[str]]]:
    """Return the acronyms of terms by the stem of the term's last word, which says what it is."""
    found: dict[Language, dict[str, set[str]]] = {language: {} for language in LANGUAGES}
    for term in packaged_terms():
        short = {form.lower() for form in (*term.nl, *term.en) if form.isupper() and form.isalpha()}
        told: dict[Language, tuple[str, ...]] = {"nl": term.nl, "en": term.en}
        for language, forms in told.items():
            for form in forms:
                if short and form.lower() not in short and (last := stems(form, language)[-1:]):
                    found[language].setdefault(last[0], set()).update(short)
    return found


@cache
def _lines() -> Mapping[Language, Mapping[str, list[dict[Language, frozenset[str]]]]]:
    by_stem: dict[Language, dict[str, list[dict[Language, frozenset[str]]]]] = {one: {} for one in LANGUAGES}
    for line in _RELATIONS.replace("\n        ", " ").strip().splitlines():
        english, dutch = line.split("|")
        told: dict[Language, frozenset[str]] = {
            "en": frozenset(stems(english, "en")),
            "nl": frozenset(stems(dutch, "nl")),
        }
        for language, found in told.items():
            for stem in found:
                by_stem[language].setdefault(stem, []).append(told)
    return by_stem


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary(packaged_terms())
