// The page of one workspace. Everything it shows comes from the server, so that a reload goes on where it was.

import { comparison, criteria, scrolling, values } from "./courses-comparing.js";
import { ask, button, dialog, labelled, make, Refused, tell } from "./courses-building.js";
import { courses } from "./courses-cards.js";
import { confidential, edit, every, statements } from "./courses-statements.js";
import { language, moment, number, say, speak } from "./courses-words.js";

const FRAMING = ["statement", "facts", "mission", "intent", "end_state", "constraints", "restraints", "time_available"];
const TURNS = ["action", "reaction", "counteraction", "result", "decision_point"];
const SECTIONS = { framing, courses, wargame, criteria: compare, comparison, gaps, decision, confidential };
const POLL_MILLISECONDS = 700;

const main = document.getElementById("main");
const id = decodeURIComponent(location.pathname.split("/").at(-1));
const path = `/${encodeURIComponent(id)}`;
// In which section the input of a change stands.
const HOLDS = { "/criteria": "criteria", "/values": "criteria", "/weights": "comparison", "/decision": "decision", "/statements": "confidential" };
const drawn = {};
const places = {};
// Sections in which something was typed that is not saved: they are left as they are until it is.
const typed = new Set();

const desk = {
  shown: null,

  /** Send a change of this revision and show what it made. Returns "saved"; "theirs" when somebody else was first and
   *  the reader keeps what they wrote; "" when it was refused. */
  async change(where, body, { mine = "", theirs = () => "" } = {}) {
    try {
      const shown = await ask(path + where, { ...body, revision: desk.shown.workspace.revision });
      typed.delete(HOLDS[where]);
      take(shown);
      return "saved";
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 409 && error.told.theirs) return settle(error, where, body, { mine, theirs });
      tell(error.message, { wrong: true });
      return "";
    }
  },

  start,
  mayUnlock,

  redraw(name) {
    delete drawn[name];
    typed.delete(name);
    draw();
  },
};

/** Somebody else was first: show both texts, and let the reader choose. */
function settle({ told }, where, body, { mine, theirs }) {
  return new Promise((resolve) => {
    let outcome = "";
    const again = async () => {
      desk.shown = told.theirs;
      outcome = await desk.change(where, body, { mine, theirs });
      if (outcome) one.close();
    };
    const one = dialog(
      say("changed"),
      make("p", {}, told.problem),
      make("h3", {}, say("theirs", told.by)),
      make("p", { class: "text theirs" }, theirs(told.theirs.workspace) || "–"),
      make("h3", {}, say("yours")),
      make("p", { class: "text yours" }, mine || "–"),
      make("div", { class: "row end" }, button(say("keep_theirs"), () => one.close()), button(say("keep_yours"), again, { class: "primary" })),
    );
    one.addEventListener("close", () => {
      if (!outcome) {
        typed.delete(HOLDS[where]);
        take(told.theirs);
      }
      resolve(outcome || "theirs");
    });
  });
}

function take(shown) {
  desk.shown = shown;
  draw();
}

async function start(where) {
  try {
    desk.shown.progress = await ask(path + where, {});
    draw();
    watch();
  } catch (error) {
    tell(error.message, { wrong: true });
  }
}

let watching = false;

/** Look how the work is getting on until it ends, and fetch what it has saved. */
async function watch() {
  if (watching) return;
  watching = true;
  try {
    for (;;) {
      const progress = await ask(`${path}/progress`);
      if (progress.revision !== desk.shown.workspace.revision || !progress.stage) take(await ask(path));
      else bar(progress);
      if (!desk.shown.progress.stage) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
  } catch (error) {
    tell(error.message, { wrong: true });
  } finally {
    watching = false;
  }
}

/** Draw the sections that something changed in, and leave the others with what is being typed in them. */
function draw() {
  const { workspace, compared, stale, progress, marking, reader } = desk.shown;
  head();
  bar(progress);
  const now = { ...workspace, revision: 0 };
  const depends = {
    framing: [now.framing, now.framing_locked_by, now.problem, stale, progress.stage, now.withheld, now.decision],
    courses: [now.courses, stale, progress.stage, now.framing_locked_by, now.withheld, now.decision],
    wargame: [now.courses, stale, now.withheld],
    criteria: [now.criteria, now.criteria_locked_by, now.values, now.courses.map((one) => one.name), stale, now.decision],
    comparison: [compared],
    gaps: [now.framing, now.courses],
    confidential: [now.withheld, now.framing, now.courses],
    decision: [now.decision, now.courses, compared.recommendation, reader, marking],
  };
  const focus = document.activeElement?.id || document.activeElement?.dataset?.keep;
  for (const [name, build] of Object.entries(SECTIONS)) {
    const key = JSON.stringify([depends[name], language()]);
    if (drawn[name] === key || typed.has(name)) continue;
    drawn[name] = key;
    const open = new Set([...places[name].querySelectorAll("details[open][data-keep]")].map((one) => one.dataset.keep));
    places[name].replaceChildren(...[build(desk)].flat(Infinity).filter(Boolean));
    for (const one of places[name].querySelectorAll("details[data-keep]")) one.open = open.has(one.dataset.keep);
  }
  if (focus && !document.activeElement?.id) {
    (document.getElementById(focus) ?? document.querySelector(`[data-keep="${CSS.escape(focus)}"]`))?.focus();
  }
}

function lay() {
  const section = (name) => {
    places[name] = make("div", { class: "body", input: () => typed.add(name) });
    return make("section", { id: name, class: "panel", "aria-labelledby": `${name}-title` }, make("h2", { id: `${name}-title` }, say(name)), places[name]);
  };
  places.head = make("div", { class: "head" });
  places.bar = make("div", { class: "progress", role: "status", hidden: true });
  main.replaceChildren(
    places.head,
    places.bar,
    make(
      "div",
      { class: "workspace" },
      make("nav", { class: "contents", "aria-label": say("contents") }, make("ul", {}, Object.keys(SECTIONS).map((name) => make("li", {}, make("a", { href: `#${name}` }, say(name)))))),
      make("div", { class: "sections" }, Object.keys(SECTIONS).map(section)),
    ),
    make("datalist", { id: "formulas" }, ["less is better", "more is better"].map((value) => make("option", { value }))),
  );
}

function head() {
  const { workspace, marking, stale } = desk.shown;
  const lines = Object.keys(stale).length;
  document.title = `${workspace.title} · Stafwijzer`;
  places.head.replaceChildren(
    make("div", { class: "title" },
      marking && make("p", { class: "marking" }, marking),
      make("h1", {}, workspace.title || say("courses")),
      make("p", { class: "quiet" }, [workspace.owner, say("valid_on", workspace.on_date), workspace.corpora.join(", ")].filter(Boolean).join(" · "))),
    make("div", { class: "exports", role: "group", "aria-label": say("export") },
      make("span", {}, say("export")),
      ["docx", "odt", "pdf", "md"].map((format) => button(format.toUpperCase(), () => memo(format), { "aria-label": `${say("export")}: ${format.toUpperCase()}` }))),
    ...(lines ? [make("p", { class: "notice stale" }, say("stale_lines", lines))] : []),
    ...(workspace.notes.length ? [make("details", { class: "why" }, make("summary", {}, say("notes")), workspace.notes.map((note) => make("p", {}, note)))] : []),
  );
}

/** Have the memo written, and offer its files: what is not public is one of its own. */
async function memo(format) {
  try {
    const { parts } = await ask(`${path}/memo/${format}`);
    const link = (name, part) => make("a", { href: `/coa/api/workspaces${path}/memo/${format}/${part}`, download: name }, name);
    if (parts.length === 1) return link(parts[0], 0).click();
    const one = dialog(say("export"), make("ul", {}, parts.map((name, part) => make("li", {}, link(name, part)))), make("div", { class: "row end" }, button(say("close"), () => one.close())));
  } catch (error) {
    tell(error.message, { wrong: true });
  }
}

function bar(progress) {
  const { workspace } = desk.shown;
  const place = places.bar;
  place.hidden = !progress.stage && !progress.failure;
  if (place.hidden) return;
  place.className = progress.stage ? "progress" : "progress wrong";
  if (!progress.stage) {
    place.replaceChildren(make("p", {}, progress.failure));
    return;
  }
  const ready = progress.stage === "framing" ? `${workspace.framing.length} / ${FRAMING.length}` : workspace.courses.length;
  const words = progress.stopping ? say("stopping") : say(`run_${progress.stage}`);
  place.replaceChildren(
    make("span", { class: "busy", "aria-hidden": "true" }),
    make("p", {}, make("strong", {}, words), make("span", { class: "quiet", "aria-live": "off" }, ` ${say("done_of", ready, number(progress.seconds, 0))}`)),
    make("span", { class: "space" }),
    button(say("stop"), () => start("/stop"), { disabled: progress.stopping, id: "stop" }),
  );
}

function framing() {
  const { workspace, progress } = desk.shown;
  const locked = workspace.framing_locked_by;
  const field = (name) => {
    const filled = workspace.framing.find((one) => one.name === name);
    const place = locked || progress.stage ? null : { course: "", field: name };
    return make("div", { class: "filled" },
      make("h3", {}, say(name)),
      filled?.statements.length ? statements(desk, filled.statements, place) : make("p", { class: "quiet" }, say("no_framing")),
      place && filled && button(say("add"), () => edit(desk, null, place), { class: "plain", "aria-label": say("add_to", say(name)) }));
  };
  const missing = FRAMING.some((name) => !workspace.framing.some((one) => one.name === name));
  return [
    make("blockquote", { class: "problem" }, make("p", {}, workspace.problem)),
    FRAMING.map(field),
    locked
      ? make("div", { class: "row" },
          make("p", { class: "locked" }, say("locked_by", locked)),
          !progress.stage && mayUnlock(locked) && button(say("unlock"), unlockFraming))
      : !progress.stage &&
        make("div", { class: "row" },
          make("p", { class: "quiet" }, say("lock_hint")),
          make("span", { class: "space" }),
          missing && button(say(workspace.framing.length ? "draft_on" : "draft_framing"), () => start("/framing"), { class: workspace.framing.length ? "" : "primary" }),
          workspace.framing.length > 0 && button(say("lock_framing"), () => desk.change("/framing/lock", {}, { mine: say("lock_framing") }), { class: "primary" })),
  ];
}

/** Who locked something, or owns the workspace, may unlock it until it was decided on. */
function mayUnlock(locked) {
  const { workspace, reader } = desk.shown;
  return !workspace.decision && [locked, workspace.owner].includes(reader);
}

/** Tell what becomes of courses first, if there are any. */
function unlockFraming() {
  const unlock = () => desk.change("/framing/lock", { locked: false }, { mine: say("unlock") });
  if (!desk.shown.workspace.courses.length) return unlock();
  const one = dialog(say("unlock"), make("p", {}, say("unlock_told")),
    make("div", { class: "row end" }, button(say("cancel"), () => one.close()),
      button(say("unlock"), async () => (await unlock()) && one.close(), { class: "primary" })));
}

function wargame() {
  const played = desk.shown.workspace.courses.filter((course) => course.wargame.length);
  if (!played.length) return make("p", { class: "quiet" }, say("no_wargame"));
  return played.map((course) =>
    make("details", { "data-keep": `wargame-${course.id}` },
      make("summary", {}, course.name),
      scrolling(`${say("wargame")}: ${course.name}`,
        make("table", { class: "wargame" },
          make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("adversary")), TURNS.map((name) => make("th", { scope: "col" }, say(name))))),
          make("tbody", {}, course.wargame.map((turn) =>
            make("tr", {}, make("th", { scope: "row" }, say(turn.adversary)), TURNS.map((name) => make("td", {}, turn[name].length ? statements(desk, turn[name]) : make("span", { class: "quiet" }, "–"))))))))));
}

function compare() {
  return [criteria(desk), values(desk)];
}

function gaps() {
  const found = every(desk.shown.workspace).filter(({ one }) => one.basis === "gap");
  if (!found.length) return make("p", { class: "quiet" }, say("no_gaps"));
  const row = ({ one, at }) =>
    make("li", {},
      make("div", {}, make("p", {}, one.text), make("p", { class: "quiet" }, `${at} · ${one.ask.length ? say("ask", one.ask.join(", ")) : say("ask_nobody")}`)),
      button(say("copy"), (event) => copy(event.target, one, at), { "aria-label": `${say("copy")}: ${one.text}` }));
  return make("ul", { class: "gaps" }, found.map(row));
}

async function copy(pressed, one, at) {
  const { workspace, marking, reader } = desk.shown;
  const lines = [marking, say("request"), `${say("rfi_to")}: ${one.ask.join(", ") || "-"}`, `${say("rfi_from")}: ${reader}`, `${say("rfi_about")}: ${one.text}`, `${say("rfi_needed")}: ${workspace.title} (${at})`];
  await navigator.clipboard.writeText(lines.filter(Boolean).join("\n"));
  pressed.textContent = say("copied");
  setTimeout(() => (pressed.textContent = say("copy")), 2500);
}

function decision() {
  const { workspace, compared, reader } = desk.shown;
  const name = (course) => workspace.courses.find((one) => one.id === course)?.name ?? course;
  const made = workspace.decision;
  const record = made && make("div", { class: "decided" },
    make("p", { class: "eyebrow" }, say("decided", made.by, moment(made.at))),
    make("h3", {}, name(made.chosen)),
    make("p", { class: "quiet" }, !made.recommended ? say("no_advice") : made.recommended === made.chosen ? say("follows") : say("deviates", name(made.recommended))),
    made.reason && make("p", {}, made.reason));
  if (made) return record;
  if (!workspace.courses.length) return make("p", { class: "quiet" }, say("no_courses"));
  const recommended = compared.recommendation?.course ?? "";
  const chosen = make("select", { required: true }, make("option", { value: "" }, "–"), workspace.courses.map((one) => make("option", { value: one.id }, one.name)));
  const reason = make("textarea", { rows: 3, maxlength: 4000 });
  const field = labelled(say("reason"), reason, say("reason_optional"));
  chosen.addEventListener("change", () => {
    reason.required = Boolean(chosen.value) && chosen.value !== recommended;
    field.querySelector(".hint").textContent = say(!reason.required ? "reason_optional" : "reason_required");
  });
  const submit = (event) => {
    event.preventDefault();
    const theirs = (now) => now.decision && `${name(now.decision.chosen)} ${now.decision.reason}`;
    desk.change("/decision", { chosen: chosen.value, reason: reason.value }, { mine: `${name(chosen.value)} ${reason.value}`, theirs });
  };
  return make("form", { submit },
    make("p", { class: "quiet" }, say("decide_as", reader)),
    labelled(say("choose"), chosen),
    field,
    make("div", { class: "row end" }, make("button", { class: "primary" }, say("decide"))));
}

try {
  desk.shown = await ask(path);
  speak(desk.shown.workspace.language);
  lay();
  draw();
  if (desk.shown.progress.stage) watch();
} catch (error) {
  main.replaceChildren(make("p", { class: "notice wrong", role: "alert" }, error.message));
  if (!(error instanceof Refused)) throw error;
}
