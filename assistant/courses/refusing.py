"""Tell a refusal in the language of the workspace that it is about.

Refusals are written in English where they are made, as records are; here are their Dutch words. A test holds that none
is missing. Knows nothing of when something is refused."""

import re

from retrieval.errors import StafwijzerError
from retrieval.languages import Language

# {} is what a sentence is about.
_DUTCH = {
    "This cannot be calculated: {}": "Dit kan niet worden berekend: {}",
    "Write amounts with units, names that have a value, + - * / ( ) and at most one comparison.": "Schrijf hoeveelheden"
    " met een eenheid, namen die een waarde hebben, + - * / ( ) en hoogstens één vergelijking.",
    "There is no course '{}' (there is: {}).": "Er is geen handelwijze '{}' (wel: {}).",
    "Give one of those.": "Geef een van die.",
    "The formula of '{}' is not known: {}": "De formule van '{}' is niet bekend: {}",
    "Write 'less is better', 'more is better' or arithmetic with value and benchmark: benchmark / value.": "Schrijf"
    " 'less is better' (minder is beter), 'more is better' (meer is beter) of een berekening met value en benchmark:"
    " benchmark / value.",
    "The formula of '{}' has no result for {}.": "De formule van '{}' heeft geen uitkomst voor {}.",
    "Change the formula or the value.": "Wijzig de formule of de waarde.",
    "No criterion has a weight above 0.": "Geen enkel criterium weegt meer dan 0.",
    "There are no criteria.": "Er zijn geen criteria.",
    "Give at least one criterion a weight above 0.": "Geef ten minste één criterium een gewicht boven 0.",
    "Nobody is named who sets the criteria.": "Er staat niet bij wie de criteria vaststelt.",
    "Say who does: only a person can.": "Zeg wie: alleen een persoon kan dat.",
    "The criteria and their weights are not set yet.": "De criteria en hun gewichten zijn nog niet vastgesteld.",
    "Lock them first, so that values cannot steer them.": "Stel ze eerst vast, zodat waarden ze niet sturen.",
    "There is no course '{}' or no criterion '{}'.": "Er is geen handelwijze '{}' of geen criterium '{}'.",
    "Give ids of this workspace.": "Geef aanduidingen uit deze werkruimte.",
    "A criterion has no title.": "Een criterium heeft geen titel.",
    "Give it one.": "Geef het er een.",
    "The weight of '{}' is {}.": "Het gewicht van '{}' is {}.",
    "Give a weight of 0 or more.": "Geef een gewicht van 0 of meer.",
    "Two criteria have the id '{}'.": "Twee criteria hebben de aanduiding '{}'.",
    "Give each an id of its own.": "Geef elk een eigen aanduiding.",
    "A gap has no value.": "Wat niet bekend is heeft geen waarde.",
    "Leave the value empty, or say what it rests on.": "Laat de waarde leeg, of zeg waarop zij berust.",
    "The value rests on no citation and nobody stated it.": "De waarde berust op geen bron en niemand heeft"
    " haar gesteld.",
    "Cite a document, or say who states it.": "Haal een document aan, of zeg wie het stelt.",
    "The framing is not locked, so no courses are developed yet.": "De probleemstelling is niet vastgesteld; er worden"
    " nog geen handelwijzen uitgewerkt.",
    "Read it, change what is wrong, and lock it.": "Lees haar, wijzig wat niet klopt, en stel haar vast.",
    "There is no statement '{}'.": "Er is geen regel '{}'.",
    "`stafwijzer coa show` names them.": "`stafwijzer coa show` noemt ze.",
    "`stafwijzer coa show` names the lines.": "`stafwijzer coa show` noemt de regels.",
    "There is no field '{}'.": "Er is geen onderdeel '{}'.",
    "Give one of {}.": "Geef een van {}.",
    "The statement is empty.": "De regel is leeg.",
    "Write a sentence.": "Schrijf een zin.",
    "There is no course '{}'.": "Er is geen handelwijze '{}'.",
    "Give the id of a course of this workspace.": "Geef de aanduiding van een handelwijze van deze werkruimte.",
    "The idea is empty.": "De kern is leeg.",
    "Say in a sentence what the course is built on.": "Zeg in een zin waarop de handelwijze is gebouwd.",
    "Only documents make a fact.": "Alleen documenten maken iets tot een feit.",
    "State it, or name it an assumption.": "Stel het, of noem het een aanname.",
    "'{}' is too short to be a problem.": "'{}' is te kort om een probleem te zijn.",
    "Say in a sentence or more what has to be solved, for whom, where and by when.": "Zeg in een of meer zinnen"
    " wat moet"
    " worden opgelost, voor wie, waar en wanneer.",
    "This was locked by {}.": "Dit is vastgesteld door {}.",
    "Only {} or the owner, {}, can unlock it.": "Alleen {} of de eigenaar, {}, kan de vaststelling opheffen.",
    "{} decided on this.": "{} heeft hierop besloten.",
    "Make a new workspace of the problem where it must change.": "Maak een nieuwe werkruimte van het probleem als het"
    " anders moet.",
    "'{}' is not an amount with a unit.": "'{}' is geen hoeveelheid met een eenheid.",
    "Write '4.5 hours' or '25,000 euros'.": "Schrijf '4,5 uur' of '25.000 euro'.",
    "'{}' is not a unit.": "'{}' is geen eenheid.",
    "Use one such as hour, kilometer, liter/day, EUR or person.": "Gebruik er een zoals hour, kilometer, liter/day, EUR"
    " of person.",
    "An amount is too large to reckon with.": "Een hoeveelheid is te groot om mee te rekenen.",
    "Use a larger unit.": "Gebruik een grotere eenheid.",
    "An amount was divided by 0.": "Een hoeveelheid is door 0 gedeeld.",
    "Give a divisor that is not 0.": "Geef een deler die niet 0 is.",
    "'{}' cannot be converted to '{}'.": "'{}' kan niet worden omgerekend naar '{}'.",
    "Give the value in a unit that measures the same.": "Geef de waarde in een eenheid die hetzelfde meet.",
    "A file as {} needs LibreOffice, which is not installed here.": "Voor een bestand als {} is LibreOffice nodig,"
    " en dat is"
    " hier niet geïnstalleerd.",
    "Take the DOCX or Markdown, or have LibreOffice installed.": "Neem DOCX of Markdown, of laat LibreOffice"
    " installeren.",
    "LibreOffice did not write the file as {}.": "LibreOffice heeft het bestand niet als {} geschreven.",
    "Take the DOCX and convert it by hand.": "Neem de DOCX en zet die zelf om.",
    "A judgement needs a reason and a name.": "Een oordeel heeft een reden en een naam nodig.",
    "Say why, and who judges.": "Zeg waarom, en wie oordeelt.",
    "The framing is locked by {}, and courses rest on it.": "De probleemstelling is vastgesteld door {}, en"
    " handelwijzen"
    " berusten erop.",
    "Who locked it, or who owns the workspace, can unlock it.": "Wie haar vaststelde, of wie eigenaar is van de"
    " werkruimte, kan de vaststelling opheffen.",
    "The problem is empty.": "Het probleem is leeg.",
    "State it in a few sentences.": "Beschrijf het in enkele zinnen.",
    "The problem is {} characters long; at most {} are taken.": "Het probleem is {} tekens lang; hoogstens {} kunnen.",
    "State it shorter, and add the long text to a corpus, where it can be cited.": "Beschrijf het korter, en voeg de"
    " lange tekst toe aan een verzameling, waar zij kan worden aangehaald.",
    "The framing is not locked.": "De probleemstelling is niet vastgesteld.",
    "Read it, mend it and lock it; then courses are developed.": "Lees en verbeter haar en stel haar vast; dan worden"
    " handelwijzen uitgewerkt.",
    "There is nothing in the framing yet.": "Er staat nog niets in de probleemstelling.",
    "Draft it, or state the problem, and lock it.": "Laat haar opstellen of schrijf het probleem, en stel haar vast.",
    "There is no workspace '{}'.": "Er is geen werkruimte '{}'.",
    "There is no such workspace.": "Die werkruimte is er niet.",
    "`stafwijzer coa list` shows those that you may read.": "`stafwijzer coa list` toont die u mag lezen.",
    "Several workspaces begin with '{}': {}.": "Meer dan één werkruimte begint met '{}': {}.",
    "Give more of the id.": "Geef meer van de aanduiding.",
    "{} changed this workspace at {} ({}); your change is not saved.": "{} heeft deze werkruimte gewijzigd op"
    " {} ({}); uw"
    " wijziging is niet opgeslagen.",
    "Read it again, look at what is there now, and make your change once more.": "Lees haar opnieuw, kijk wat er nu"
    " staat, en maak uw wijziging nog eens.",
    "The criteria are not locked.": "De criteria zijn niet vastgesteld.",
    "The value cites what the workspace does not.": "De waarde haalt aan wat de werkruimte niet aanhaalt.",
    "Cite what a statement of it cites.": "Haal aan wat een regel ervan aanhaalt.",
    "The choice of '{}' has no reason, and {}.": "De keuze voor '{}' heeft geen reden, en {}.",
    "'{}' was recommended": "'{}' was geadviseerd",
    "nothing was recommended": "er was geen advies",
    "Say why, in a sentence.": "Zeg in een zin waarom.",
    "There is no part '{}' to keep back.": "Er is geen onderdeel '{}' om niet openbaar te maken.",
    "This workspace is being worked on.": "Aan deze werkruimte wordt gewerkt.",
    "Wait for it, or stop it.": "Wacht erop, of stop het.",
    "Something went wrong in the program. Report {} to its administrator.": "Er ging iets mis in het programma. Geef {}"
    " door aan de beheerder.",
    "{} cannot be made ({}).": "{} kan niet worden gemaakt ({}).",
    "Name a folder where you may write.": "Noem een map waarin u mag schrijven.",
    "{} cannot be read ({}).": "{} kan niet worden gelezen ({}).",
    "{} cannot be read: {}": "{} kan niet worden gelezen: {}",
    "Name a JSON file.": "Noem een JSON-bestand.",
    "Name a file.": "Noem een bestand.",
    "Give the problem as text.": "Geef het probleem als tekst.",
    "{} holds no list of criteria ({}).": "{} bevat geen lijst van criteria ({}).",
    "`stafwijzer coa criteria --help` shows one.": "`stafwijzer coa criteria --help` toont er een.",
}  # fmt: skip
_FORMS = [
    (re.compile(re.escape(told).replace(r"\{\}", "(.*?)"), re.DOTALL), dutch)
    # What is told in most words first: '{} decided on this.' must not take what another form tells.
    for told, dutch in sorted(_DUTCH.items(), key=lambda pair: -len(pair[0].replace("{}", "")))
]


def sentence(told: str, language: Language) -> str:
    """Return what is told in a language; as it is where there are no words for it."""
    if language != "nl":
        return told
    for form, dutch in _FORMS:
        if found := form.fullmatch(told):
            return dutch.format(*(sentence(part, language) for part in found.groups()))
    return told


def tell_in(language: Language, error: StafwijzerError) -> None:
    """Let an error say what it says in this language. It stays the error that it is."""
    error.problem, error.hint = sentence(error.problem, language), sentence(error.hint, language)
    error.args = (error.problem, error.hint)
