// Courses of action on cards: what is in them, what they were screened by, and a person's judgement of that.

import { button, dialog, labelled, make } from "./courses-building.js";
import { citations, staleness, statements } from "./courses-statements.js";
import { say } from "./courses-words.js";

const OUTCOMES = ["passed", "failed", "unknown"];

export function courses(desk) {
  const { workspace, progress } = desk.shown;
  const ready = workspace.framing_locked_by && !progress.stage;
  return [
    !workspace.courses.length && !ready && make("p", { class: "quiet" }, say(progress.stage === "developing" ? "run_developing" : "no_courses")),
    make("div", { class: "cards" }, workspace.courses.map((one) => card(desk, one))),
    ready && !workspace.decision &&
      make("div", { class: "row" }, button(say(workspace.courses.length ? "develop_on" : "develop"), () => desk.start("/develop"), { class: workspace.courses.length ? "" : "primary" })),
  ];
}

function card(desk, course) {
  const decided = desk.shown.workspace.decision;
  const of = (basis) => course.fields.flatMap((filled) => filled.statements).filter((one) => one.basis === basis).length;
  return make("article", { class: course.baseline ? "card baseline" : "card", "aria-labelledby": `card-${course.id}` },
    make("header", {},
      make("h3", { id: `card-${course.id}` }, course.name, course.baseline && [" ", make("span", { class: "badge" }, say("baseline"))]),
      !course.baseline && make("p", { class: "quiet" }, say("counts", of("fact"), of("stated"), of("assumption"), of("gap"))),
      staleness(desk, course.id)),
    statements(desk, course.idea),
    course.merged.length > 0 && make("p", { class: "quiet" }, say("merged", course.merged.join(", "))),
    course.screening.length > 0 && make("ul", { class: "screening", "aria-label": say("screening") }, course.screening.map((one) => screened(desk, course, one))),
    course.fields.length > 0 &&
      make("details", { "data-keep": `fields-${course.id}` },
        make("summary", {}, say("fields_filled", course.fields.length)),
        course.fields.map((filled) =>
          make("div", { class: "filled" }, make("h4", {}, say(filled.name)), statements(desk, filled.statements, decided ? null : { course: course.id, field: filled.name })))));
}

function screened(desk, course, one) {
  const key = `${course.id}-${one.screen}`;
  const told = say(one.outcome) + (one.by ? ` (${say("written_by", one.by)})` : "");
  const judging = !course.baseline && !desk.shown.workspace.decision;
  return make("li", {},
    make("details", { class: "screen", "data-keep": `screen-${key}` },
      make("summary", {}, make("span", { class: `sign ${one.outcome}`, "aria-hidden": "true" }), make("span", {}, say(one.screen)), make("span", { class: "quiet" }, told)),
      make("p", {}, one.reason),
      one.calculations.map((sum) => make("p", { class: "calculation" }, make("code", {}, sum.text), " ", make("span", { class: "quiet" }, say(sum.holds === null ? "unknown" : sum.holds ? "passed" : "failed")), citations(sum.citations))),
      citations(one.citations),
      judging && button(say("judge"), () => judge(desk, course, one), { class: "plain", "data-keep": `judge-${key}`, "aria-label": say("judge_of", say(one.screen), course.name) })));
}

/** Put one's own judgement in the place of what was found. */
function judge(desk, course, one) {
  const outcome = make("select", {}, OUTCOMES.map((value) => make("option", { value, selected: value === one.outcome }, say(value))));
  const reason = make("textarea", { rows: 3, maxlength: 4000, required: true, value: one.by ? one.reason : "" });
  const words = (screened) => screened && `${say(screened.outcome)}: ${screened.reason}`;
  const submit = async (event) => {
    event.preventDefault();
    const told = { outcome: outcome.value, reason: reason.value };
    const theirs = (now) => words(now.courses.find((other) => other.id === course.id)?.screening.find((other) => other.screen === one.screen));
    if (await desk.change("/statements", { about: "screen", course: course.id, screen: one.screen, ...told }, { mine: words(told), theirs })) shown.close();
  };
  const shown = dialog(
    say("judge_of", say(one.screen), course.name),
    make("form", { submit },
      make("p", { class: "quiet" }, say("judge_hint", desk.shown.reader)),
      labelled(say("outcome"), outcome),
      labelled(say("reason"), reason),
      make("div", { class: "row end" }, button(say("cancel"), () => shown.close()), make("button", { class: "primary" }, say("save")))));
}
