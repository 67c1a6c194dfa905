"""Two staff problems with documents of their own, mostly held out: a power cut (nl), an air bridge (en).

No document holds the problem: what must be considered stands in orders, messages, tables and notes of others,
among papers
that have nothing to do with it. `python -m tests.evals.courses.held_out FOLDER` writes them there: `nl/` and
`en/` to be
added as corpora of those names, and `problems.jsonl` for `stafwijzer eval run coa`."""

import json
import sys
from pathlib import Path

DUTCH = {
    "situatierapport-04": """# Situatierapport 4 veiligheidsregio Merwekust

Stand 14 november, 09:00 uur.

## Algemeen beeld

Door een brand in het onderstation Kreekdam is sinds 05:40 uur de stroom uitgevallen in Havendrecht en de dorpen
eromheen. Ongeveer 21.000 aansluitingen zitten zonder stroom. Het Sint-Jorisziekenhuis draait op zijn noodaggregaten.

## Zorg

In het Sint-Jorisziekenhuis liggen 214 patiënten, van wie 19 op de intensive care. Van die 19 worden er 11 beademd.
Het ziekenhuis in Oudwaard kan 60 patiënten opnemen, het ziekenhuis in Berkloo 35.

## Mobiliteit

De Kreektunnel is dicht omdat de pompen stilstaan. De Veerdambrug is open voor verkeer tot 30 ton.
De politie begeleidt hulpdiensten tussen Havendrecht en Oudwaard.

## Vooruitblik

De netbeheerder heeft nog geen antwoord gegeven op de vraag wanneer de stroom terugkomt.
""",
    "technische-nota-noodstroom": """# Technische nota noodstroomvoorziening Sint-Jorisziekenhuis

Opgesteld door het facilitair bedrijf, 3 maart.

## Installatie

Het ziekenhuis heeft twee dieselaggregaten van elk 800 kVA. Bij vol bedrijf verbruiken beide samen 360 liter diesel
per uur. De voorraadtank bevat 4.500 liter. Een van de twee aggregaten is voldoende voor de operatiekamers en de
intensive care, maar niet voor de verwarming en de keuken.

## Bijvullen

De vulleiding ligt aan de Kadezijde en heeft een koppeling van drie duim. Tankwagens van meer dan 18 ton kunnen de
laadkuil niet bereiken.

## Beheer

Aggregaat 2 is in augustus niet getest. Of het koelsysteem een etmaal vol bedrijf aankan, moet nog blijken.
""",
    "bericht-netbeheerder": """# Bericht van netbeheerder Deltastroom

14 november, 08:15 uur, aan het crisisteam Merwekust.

De schade in onderstation Kreekdam is groot: een transformator van 50 MVA is verloren. Een vervangende transformator
staat in Berkloo en weegt 62 ton. Het vervoer vraagt een dieplader en een ontheffing van de provincie. Na aankomst is
de aansluiting binnen 16 uur klaar.

Wij kunnen zelf drie mobiele generatoren van 250 kVA leveren, vanaf 13:00 uur in Oudwaard.

De oorzaak van de brand wordt onderzocht. Of de kabels onder de Kreektunnel beschadigd zijn, weten wij niet.
""",
    "middelenoverzicht-genie": """# Middelenoverzicht 41 Geniebataljon

Stand 13 november.

| Middel | Aantal | Inzetbaar | Bijzonderheden |
|---|---|---|---|
| Aggregaat 100 kVA op aanhanger | 6 | 5 | gereed binnen 3 uur |
| Tankwagen 8.000 liter | 4 | 3 | gewicht 17 ton |
| Dieplader 70 ton | 2 | 1 | chauffeur met bijzondere bevoegdheid nodig |
| Wielambulance | 12 | 10 | twee liggende patiënten per rit |

De tankwagens zijn gevuld met winterdiesel. De aggregaten gaan niet zonder bediening van de genie.
""",
    "draaiboek-evacuatie": """# Draaiboek evacuatie Sint-Jorisziekenhuis

## Volgorde

Eerst gaan de patiënten die kunnen zitten, daarna de liggende patiënten en ten slotte de intensive care.
Een beademde patiënt reist met een arts en een verpleegkundige. Een volledige ontruiming duurt ten minste 14 uur.

## Besluit

Alleen de raad van bestuur beslist over ontruiming. De burgemeester wordt vooraf gehoord.

## Grenzen

Patiënten van de intensive care mogen niet per vrachtauto worden vervoerd. 's Nachts wordt niet gevlogen.
""",
    "leveringsovereenkomst-brandstof": """# Leveringsovereenkomst brandstof Verhulst Oliehandel

De leverancier brengt op afroep 12.000 liter diesel naar het Sint-Jorisziekenhuis, binnen zes uur na de oproep.
De prijs is 1,90 euro per liter. Levering buiten kantooruren kost 650 euro extra.
De oproep wordt gedaan door het hoofd facilitair bedrijf van het ziekenhuis.
De chauffeurs van de leverancier rijden niet door water.
""",
    "weerbericht": """# Weerbericht Merwekust 14 november

Vannacht storm uit het noordwesten, windkracht 10, vanaf 22:00 uur. Bij windkracht 9 gaat de Veerdambrug dicht.
Temperatuur vannacht rond het vriespunt.
""",
    "bijstandsverzoek": """# Bijstandsverzoek aan Defensie

De voorzitter van de veiligheidsregio vraagt Defensie om noodstroom en om vervoer van patiënten.
De ingezette militairen werken onder het gezag van de burgemeester van Havendrecht.
Kosten boven 40.000 euro vragen vooraf toestemming van het ministerie.
Hoeveel thuiswonende patiënten van zuurstofapparaten afhankelijk zijn, is onbekend.
Over de opvang van familieleden is geen besluit genomen.
""",
    "kantinerooster": """# Kantinerooster kazerne Berkloo

Maandag soep, dinsdag stamppot, woensdag vis. De kantine is open van 11:45 tot 13:15 uur. Het aantal maaltijden is
180 per dag. De pinautomaat is vervangen.
""",
    "verslag-sportdag": """# Verslag sportdag 41 Geniebataljon

De sportdag in Oudwaard trok 320 deelnemers. De estafette is gewonnen door de tweede compagnie. De beker van 1998 is
zoek. Volgend jaar is de sportdag op 6 juni.
""",
    "onderhoudsplan-veerdambrug": """# Onderhoudsplan Veerdambrug

De brug wordt in april geschilderd. Rijkswaterstaat heeft 90.000 euro gereserveerd. Het schilderwerk duurt zes weken.
De leuningen zijn van 1974.
""",
}

ENGLISH = {
    "sitrep-12": """# Situation report 12, Joint Force Ostrand

As of 080600Z MAY.

## Airfield

A fuel explosion on 7 May at 21:10 left a crater of 18 metres in the main runway of Karsholm, 900 metres from
its western
end. The full runway was 2,400 metres long. The parallel taxiway is 1,150 metres long and intact.

## Force

Field Hospital MERLIN waits at Lindby with 42 containers, 160 staff and 12 ambulances. There are 73 casualties
in Karsholm
town, 15 of them in need of surgery within two days.

## Sea

The ferry terminal at Sandvik is working. The next civilian ferry leaves Lindby on 9 May at 07:00 and takes 30
lorries.
""",
    "runway-repair-estimate": """# Runway repair estimate

Engineer Squadron OTTER, 8 May.

The squadron has one rapid repair kit, enough for a crater of up to 20 metres. The work takes 26 hours after
the crater
has been cleared of unexploded ordnance. Clearing takes two teams nine hours. Quick-setting concrete does not
harden below
4 degrees Celsius.

The depth of the crater is not known. It is unclear if the drainage below the runway still works.
""",
    "aircraft-performance-note": """# Performance note for the air bridge

A C-130 at 58 tonnes needs 1,050 metres to land on a dry surface and 1,300 metres on a wet one. It carries five
containers
less than it has pallets: six pallets or one container. An A400M needs 980 metres and carries two containers.
Two A400M are free from 9 May at 05:00; four C-130 are free at once.
Aircraft must not land at Karsholm after dark, because the lighting has no power.
""",
    "host-nation-letter": """# Letter of the harbour master of Sandvik

To the movement staff, 7 May.

We can offer berth 3, with a depth of 6.5 metres, until 11 May. The crane lifts 25 tonnes; a loaded container of your
hospital weighs 14 tonnes. Harbour dues are 2,300 euros a day. Your vehicles shall not use the fish market quay before
noon.

We have had no reply so far from the crane operators' union about night work.
""",
    "road-survey-sandvik-karsholm": """# Road survey Sandvik to Karsholm

The coastal road is 64 kilometres long. The bridge at Ulvik carries 36 tonnes. North of Ulvik the road is a
single lane for
7 kilometres, and convoys need a police escort. A lorry takes two and a half hours.
The mountain road is 41 kilometres long and closed to lorries because of a landslide at Tverr.
Nobody knows if the landslide has been cleared.
""",
    "weather-outlook": """# Weather outlook Ostrand

8 to 10 May: rain from 9 May at 03:00 until the evening. Night temperatures between 1 and 3 degrees Celsius.
Sea state 5 is expected from 10 May at noon, and ferries do not sail above sea state 4.
""",
    "movement-order-3": """# Movement order 3

Field Hospital MERLIN is to be open in Karsholm by 11 May, 18:00. Setting it up takes 12 hours.
At least 20 containers are needed for surgery; the others may follow.
No more than 50,000 euros may be spent on civilian transport without the approval of the chief of staff.
Lorry Company BADGER has 24 lorries at Lindby, each for one container.
It has not been decided who guards the hospital.
""",
    "helicopter-state": """# Helicopter state

Three CH-47 are at Lindby; one is in maintenance until 12 May. A CH-47 lifts 9 tonnes under sling and cannot
lift a loaded
container of the hospital. The crews may fly eight hours a day. The number of landing sites at Karsholm is to be
confirmed.
""",
    "mess-rules": """# Rules of the mess at Lindby

Breakfast is served from 06:00 to 08:00. Civilian clothes are allowed after 18:00. Guests pay 9 euros. The bar
closes at
23:00. Bicycles are not parked in the hall.
""",
    "history-of-karsholm": """# A short history of Karsholm

The town was founded in 1642 around a mine. The church of 1731 burnt down twice. The airfield opened in 1952
with a grass
runway of 800 metres. The population is 9,400.
""",
    "press-lines": """# Press lines, week 19

Questions on the exercise in June go to the spokesman. Pictures of the port are published on Fridays. The
general visits
the school at Lindby on 14 May.
""",
}


def _expected(id: str, *keys: str) -> dict[str, object]:
    return {"id": id, "keys": [key.split("+") for key in keys]}


def _fact(id: str, document: str, *keys: str) -> dict[str, object]:
    return {**_expected(id, *keys), "documents": [f"{document}.md"]}


PROBLEMS = [
    {
        "id": "power-cut-hospital",
        "language": "nl",
        "corpora": ["nl"],
        "on_date": "2026-11-14",
        "problem": "Het is 14 november, 10:00 uur. In Havendrecht is sinds vanochtend de stroom uitgevallen en het "
        "Sint-Jorisziekenhuis draait op noodaggregaten. De veiligheidsregio heeft Defensie om hulp gevraagd. "
        "Hoe houden we "
        "de zorg in het ziekenhuis de komende 48 uur overeind? Werk handelwijzen uit en adviseer voor 12:00 uur.",
        "facts": [
            _fact("patients", "situatierapport-04", "214+patiënten"),
            _fact("places elsewhere", "situatierapport-04", "oudwaard+60"),
            _fact("tunnel closed", "situatierapport-04", "kreektunnel+dicht"),
            _fact("bridge load", "situatierapport-04", "veerdambrug+30 ton"),
            _fact("consumption", "technische-nota-noodstroom", "360+liter"),
            _fact("tank", "technische-nota-noodstroom", "4500+liter"),
            _fact("weight at the filler", "technische-nota-noodstroom", "18 ton"),
            _fact("spare transformer", "bericht-netbeheerder", "transformator+62 ton"),
            _fact("mobile generators", "bericht-netbeheerder", "generatoren+250"),
            _fact("army generators", "middelenoverzicht-genie", "aggregaat+100+5"),
            _fact("army tankers", "middelenoverzicht-genie", "tankwagen+8000"),
            _fact("time to evacuate", "draaiboek-evacuatie", "14 uur+ontruiming"),
            _fact("who decides", "draaiboek-evacuatie", "raad van bestuur"),
            _fact("no lorries for intensive care", "draaiboek-evacuatie", "intensive care+vrachtauto"),
            _fact("fuel contract", "leveringsovereenkomst-brandstof", "12000+diesel"),
            _fact("bridge closes in storm", "weerbericht", "veerdambrug+windkracht 9"),
            _fact("ceiling", "bijstandsverzoek", "40000"),
            _fact("authority", "bijstandsverzoek", "gezag+burgemeester"),
        ],
        "gaps": [
            _expected("when power returns", "netbeheerder+antwoord"),
            _expected("cooling", "koelsysteem"),
            _expected("cables", "kabels"),
            _expected("cause", "oorzaak+brand"),
            _expected("oxygen at home", "thuiswonende|zuurstof"),
            _expected("families", "familieleden"),
        ],
        "arithmetic": [{"expression": "4.500 l / (360 l/uur)", "expected": "12.5 hour"}],
    },
    {
        "id": "air-bridge",
        "language": "en",
        "corpora": ["en"],
        "on_date": "2026-05-08",
        "problem": "It is 8 May, 08:00. The runway at Karsholm is cratered and Field Hospital MERLIN is still "
        "at Lindby. "
        "Get the hospital to Karsholm in time. Develop courses of action for the chief of staff by 14:00 today.",
        "facts": [
            _fact("crater", "sitrep-12", "crater+18 metres"),
            _fact("taxiway", "sitrep-12", "taxiway+1150"),
            _fact("hospital", "sitrep-12", "42 containers"),
            _fact("casualties", "sitrep-12", "73 casualties"),
            _fact("ferry", "sitrep-12", "ferry+30 lorries"),
            _fact("repair kit", "runway-repair-estimate", "repair kit"),
            _fact("repair time", "runway-repair-estimate", "26 hours"),
            _fact("C-130", "aircraft-performance-note", "c-130+1050"),
            _fact("A400M", "aircraft-performance-note", "a400m+980|two containers"),
            _fact("no landing after dark", "aircraft-performance-note", "after dark"),
            _fact("berth", "host-nation-letter", "berth 3"),
            _fact("crane", "host-nation-letter", "crane+25 tonnes"),
            _fact("coastal road", "road-survey-sandvik-karsholm", "coastal road+64"),
            _fact("Ulvik bridge", "road-survey-sandvik-karsholm", "ulvik+36 tonnes"),
            _fact("open by", "movement-order-3", "11 may+18:00"),
            _fact("surgery containers", "movement-order-3", "20 containers"),
            _fact("ceiling", "movement-order-3", "50000"),
            _fact("lorries", "movement-order-3", "24 lorries"),
            _fact("helicopters", "helicopter-state", "ch-47+9 tonnes"),
            _fact("sea state", "weather-outlook", "sea state+10 may|sea state+ferries"),
        ],
        "gaps": [
            _expected("depth of the crater", "depth+crater"),
            _expected("drainage", "drainage"),
            _expected("night work", "union|night work"),
            _expected("landslide", "landslide"),
            _expected("guard", "guards"),
            _expected("landing sites", "landing sites"),
        ],
        "arithmetic": [{"expression": "64 km / (2,5 hour)", "expected": "25.6 kilometer/hour"}],
    },
]


def write(folder: Path) -> None:
    """Write the documents of both problems, and the set."""
    for language, documents in (("nl", DUTCH), ("en", ENGLISH)):
        (folder / language).mkdir(parents=True, exist_ok=True)
        for name, text in documents.items():
            (folder / language / f"{name}.md").write_text(text, encoding="utf-8")
    lines = (json.dumps(one, ensure_ascii=False) for one in PROBLEMS)
    (folder / "problems.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
