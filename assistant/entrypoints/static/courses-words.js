// The words of the pages of workspaces, in Dutch and English. Knows no logic.

const WORDS = {
  framing: ["Probleemstelling", "Problem and framing"],
  courses: ["Handelwijzen", "Courses of action"],
  wargame: ["Wargame", "Wargame"],
  criteria: ["Criteria en waarden", "Criteria and values"],
  comparison: ["Vergelijking", "Comparison"],
  gaps: ["Openstaande vragen", "Information gaps"],
  decision: ["Besluit", "Decision"],
  confidential: ["Niet openbaar", "Not public"],
  not_public: ["Niet openbaar", "Not public"],
  not_public_of: ["Niet openbaar: {0}", "Not public: {0}"],
  not_public_hint: [
    "Wat hier staat gaat naar het aparte, niet openbare bestand van de beslisnota; ook andere regels met dezelfde woorden.",
    "What is listed here goes to the memo's separate file that is not public; so do other lines with the same words.",
  ],
  not_public_add: ["Niet openbaar maken …", "Keep it back …"],
  make_public: ["Weer openbaar", "Make it public"],
  part: ["Onderdeel", "Part"],
  advice: ["Advies", "Recommendation"],
  motivation: ["Motivering", "Motivation"],
  motivation_hint: ["Met de wettelijke grond. De motivering zelf is wel openbaar.", "With its legal ground. The motivation itself is public."],
  contents: ["Inhoud van de werkruimte", "Contents of the workspace"],
  problem: ["Probleem", "Problem"],
  fact: ["Feit", "Fact"],
  stated: ["Gesteld", "Stated"],
  assumption: ["Aanname", "Assumption"],
  gap: ["Onbekend", "Gap"],
  disputed: ["Bronnen verschillen", "Sources differ"],
  valid: ["Waarom aannemelijk", "Why likely"],
  necessary: ["Waarom nodig", "Why needed"],
  if_false: ["Als het niet klopt", "If it is false"],
  not_said: ["nog door niemand gezegd", "nobody has said yet"],
  reasons: ["Waarop dit rust", "What this rests on"],
  ask: ["Te vragen aan: {0}", "Ask: {0}"],
  ask_nobody: ["Niet bekend wie dit weet", "It is not known who knows this"],
  written_by: ["door {0}", "by {0}"],
  stale: ["Niet meer actueel", "Out of date"],
  stale_lines: [
    "Bij {0} regel(s) is iets niet meer actueel; het staat bij de regel.",
    "At {0} line(s) something is out of date; it is said at the line.",
  ],
  lock_framing: ["Probleemstelling vaststellen", "Lock the framing"],
  lock_hint: [
    "Na vaststellen kunnen handelwijzen worden uitgewerkt; daarvoor wijzigt de probleemstelling niet meer.",
    "Courses are developed once the framing is locked; it does not change while it is.",
  ],
  unlock: ["Vaststelling opheffen", "Unlock"],
  unlock_told: [
    "De handelwijzen blijven. Wijzigt de probleemstelling, dan staat erbij dat ze op een eerdere zijn uitgewerkt, en worden ze bij het vaststellen opnieuw getoetst.",
    "The courses are kept. If the framing changes, they say that they were developed on an earlier one, and they are screened anew when it is locked.",
  ],
  locked_by: ["Vastgesteld door {0}", "Locked by {0}"],
  draft_framing: ["Opstellen uit documenten", "Draft from documents"],
  draft_on: ["Verder opstellen", "Continue the draft"],
  develop: ["Handelwijzen uitwerken", "Develop courses of action"],
  develop_on: ["Verder uitwerken", "Continue developing"],
  stop: ["Stoppen", "Stop"],
  stopping: ["Stopt na de lopende stap …", "Stopping after this step …"],
  run_framing: ["De probleemstelling wordt opgesteld uit de documenten", "Drafting the framing from the documents"],
  run_developing: ["De handelwijzen worden uitgewerkt", "Developing courses of action"],
  done_of: ["{0} gereed · {1} s", "{0} ready · {1} s"],
  no_courses: [
    "Er zijn nog geen handelwijzen. Stel eerst de probleemstelling vast.",
    "There are no courses of action yet. Lock the framing first.",
  ],
  no_framing: ["Nog niets ingevuld.", "Nothing is filled in yet."],
  baseline: ["Nullijn", "Baseline"],
  merged: ["Samengevoegd met: {0}", "Merged with: {0}"],
  idea: ["Kern", "Idea"],
  screening: ["Toetsing", "Screening"],
  judge: ["Zelf beoordelen", "Judge it yourself"],
  judge_of: ["Beoordelen: {0} van {1}", "Judge: {0} of {1}"],
  judge_hint: [
    "U oordeelt als {0}; uw oordeel met reden vervangt de uitkomst, de berekening blijft erbij staan.",
    "You judge as {0}; your judgement with its reason replaces the outcome, the calculation stays beside it.",
  ],
  outcome: ["Uitkomst", "Outcome"],
  fields_filled: ["Uitgewerkt ({0} onderdelen)", "Worked out ({0} fields)"],
  counts: [
    "Feiten {0} · gesteld {1} · aannames {2} · onbekend {3}",
    "Facts {0} · stated {1} · assumptions {2} · gaps {3}",
  ],
  untested: ["Nog niet getoetst: aannemelijk, nodig, en wat als het niet klopt", "Not tested yet: likely, needed, and what if false"],
  change_criteria: ["Criteria wijzigen", "Change the criteria"],
  unlocks: [
    "Opslaan maakt de criteria weer open; wat nu anders wordt bedoeld, moet opnieuw een waarde krijgen.",
    "Saving opens the criteria again; what then means something else has to be given its values anew.",
  ],
  adversary: ["Tegenstander of omstandigheid", "Adversary or circumstance"],
  no_wargame: ["Er is nog geen wargame.", "There is no wargame yet."],
  edit: ["Wijzigen", "Edit"],
  edit_of: ["Wijzigen: {0}", "Edit: {0}"],
  add: ["Toevoegen", "Add"],
  add_to: ["Toevoegen aan {0}", "Add to {0}"],
  remove: ["Verwijderen", "Remove"],
  save: ["Opslaan", "Save"],
  cancel: ["Annuleren", "Cancel"],
  close: ["Sluiten", "Close"],
  text: ["Tekst", "Text"],
  basis: ["Berust op", "Rests on"],
  own_word: [
    "Een gewijzigd feit wordt uw eigen stelling: de bron staat er niet meer voor in.",
    "A fact that you change becomes your own statement: its source no longer answers for it.",
  ],
  quote_in: ["Citaat", "Quote"],
  page: ["blz. {0}", "p. {0}"],
  corpus: ["Verzameling", "Corpus"],
  document: ["Document", "Document"],
  definition: ["Omschrijving", "Definition"],
  add_criterion: ["Criterium toevoegen", "Add a criterion"],
  save_criteria: ["Criteria opslaan", "Save criteria"],
  lock_criteria: ["Criteria en gewichten vaststellen", "Lock criteria and weights"],
  criteria_first: [
    "Stel criteria en gewichten vast voordat er waarden zijn, zodat de uitkomst ze niet stuurt.",
    "Lock criteria and weights before there are values, so that the outcome does not steer them.",
  ],
  values: ["Waarden per handelwijze", "Values by course"],
  value_of: ["{0} van {1}", "{0} of {1}"],
  value_hint: [
    "Vul een getal met eenheid in, bijvoorbeeld 4,5 hour. Leeg is onbekend.",
    "Give a number with its unit, such as 4.5 hour. Empty is not known.",
  ],
  matrix: ["Gewogen matrix", "Weighted matrix"],
  matrix_hint: [
    "Verschuif een gewicht: totalen en rangorde volgen direct. Niets is opgeslagen tot u opslaat.",
    "Move a weight: totals and ranking follow at once. Nothing is saved until you save.",
  ],
  rank: ["Plaats", "Rank"],
  course: ["Handelwijze", "Course"],
  not_known: ["onbekend", "unknown"],
  save_weights: ["Gewichten opslaan", "Save weights"],
  reset_weights: ["Terug naar opgeslagen", "Back to saved"],
  not_saved: ["Gewichten zijn gewijzigd en nog niet opgeslagen", "Weights were changed and are not saved yet"],
  no_matrix: [
    "De vergelijking verschijnt zodra er handelwijzen en criteria zijn.",
    "The comparison appears once there are courses and criteria.",
  ],
  recommendation: ["Advies uit de vergelijking", "What the comparison recommends"],
  nothing_recommended: ["Geen advies", "No recommendation"],
  confidence: ["Zekerheid: {0}", "Confidence: {0}"],
  dissent: ["Wat ertegen pleit", "Dissent"],
  would_change: ["Wat dit zou veranderen", "What would change it"],
  sensitivity: ["Gevoeligheid", "Sensitivity"],
  first_share: ["Hoe vaak elke handelwijze bovenaan komt", "How often each course comes first"],
  around: ["rond deze gewichten", "around these weights"],
  uniform: ["bij willekeurige gewichten", "with any weights"],
  flip_title: ["Bij welk gewicht de eerste plaats wisselt", "The weight at which the first place changes"],
  flip_at: ["nu {0}; bij {1} komt {2} bovenaan", "now {0}; at {1} {2} comes first"],
  flip_never: ["nu {0}; geen gewicht verandert de eerste plaats", "now {0}; no weight changes the first place"],
  stability: ["De hele rangorde blijft gelijk in {0} van {1} trekkingen.", "The whole ranking holds in {0} of {1} samples."],
  browser_shares: ["Voorlopig, in de browser berekend …", "Provisional, computed in the browser …"],
  no_gaps: ["Er zijn geen openstaande vragen.", "There are no information gaps."],
  copy: ["Kopieer als verzoek", "Copy as a request"],
  copied: ["Gekopieerd", "Copied"],
  request: ["Verzoek om informatie", "Request for information"],
  rfi_to: ["Aan", "To"],
  rfi_from: ["Van", "From"],
  rfi_about: ["Betreft", "About"],
  rfi_needed: ["Nodig voor", "Needed for"],
  choose: ["Gekozen handelwijze", "Course that is chosen"],
  reason: ["Reden", "Reason"],
  reason_required: [
    "Dit wijkt af van het advies: een reden is verplicht.",
    "This is not what was recommended: a reason is required.",
  ],
  reason_optional: ["Niet verplicht zolang u het advies volgt.", "Optional as long as you follow the recommendation."],
  decide_as: ["U besluit als {0}; naam en tijdstip worden vastgelegd.", "You decide as {0}; name and time are recorded."],
  decide: ["Besluit vastleggen", "Record the decision"],
  decided: ["{0} besloot op {1}", "{0} decided on {1}"],
  deviates: ["Wijkt af van het advies ({0})", "Departs from the recommendation ({0})"],
  follows: ["Volgt het advies", "Follows the recommendation"],
  no_advice: ["Er was geen advies", "There was no recommendation"],
  export: ["Beslisnota", "Decision memo"],
  changed: ["Iemand anders heeft dit gewijzigd", "Somebody else changed this"],
  theirs: ["Nu staat er (van {0})", "It says now (by {0})"],
  yours: ["Uw tekst, niet opgeslagen", "Your text, not saved"],
  keep_theirs: ["Die van hen houden", "Keep theirs"],
  keep_yours: ["Die van mij opslaan", "Save mine"],
  unreachable: ["De server is niet bereikbaar.", "The server cannot be reached."],
  signed_out: ["Meld u eerst aan.", "Sign in first."],
  new_title: ["Nieuwe werkruimte", "New workspace"],
  new_problem: ["Beschrijf het probleem", "Describe the problem"],
  new_hint: [
    "Wat moet worden bereikt, waarom nu, en wat is al besloten? Enkele zinnen volstaan.",
    "What is to be achieved, why now, and what is already decided? A few sentences suffice.",
  ],
  language: ["Taal van de uitwerking", "Language of the work"],
  begin: ["Werkruimte maken", "Make the workspace"],
  existing: ["Uw werkruimten", "Your workspaces"],
  none_yet: ["U hebt nog geen werkruimten.", "You have no workspaces yet."],
  state_framing: ["Probleemstelling", "Framing"],
  state_developing: ["Uitwerken", "Developing"],
  state_comparing: ["Vergelijken", "Comparing"],
  state_decided: ["Besloten", "Decided"],
  course_count: ["{0} handelwijzen", "{0} courses"],
  lead: [
    "Van een probleem naar handelwijzen die op documenten berusten, een vergelijking en een besluit dat een persoon neemt.",
    "From a problem to courses of action that rest on documents, a comparison, and a decision that a person takes.",
  ],
  notes: ["Opmerkingen", "Notes"],
  retry: ["Opnieuw proberen", "Try again"],
  valid_on: ["Geldig op {0}", "Valid on {0}"],
};

// What the parts of a workspace are called comes with the page (assistant/courses/naming.py), in both languages.
const NAMES = JSON.parse(document.getElementById("names").textContent);

let column = document.documentElement.lang === "nl" ? 0 : 1;

/** Speak this language from now on, also to who has the page read out. */
export function speak(language) {
  column = language === "nl" ? 0 : 1;
  document.documentElement.lang = language;
}

export const language = () => (column === 0 ? "nl" : "en");

/** Write a moment, in the time zone of whoever looks. */
export const moment = (at) =>
  new Date(at).toLocaleString(column === 0 ? "nl-NL" : "en-GB", { dateStyle: "long", timeStyle: "short" });

/** Return words by their name; {0} and further are filled in. A name that is not there shows as itself. */
export function say(name, ...fields) {
  const words = (WORDS[name] ?? NAMES[name])?.[column] ?? name;
  return words.replace(/\{(\d)\}/g, (_, at) => String(fields[at] ?? ""));
}

/** Write a number with as many decimals. */
export const number = (value, decimals = 2) =>
  value.toLocaleString(language(), { minimumFractionDigits: 0, maximumFractionDigits: decimals });

export const percent = (share) => `${Math.round(share * 100)}\u00a0%`;
