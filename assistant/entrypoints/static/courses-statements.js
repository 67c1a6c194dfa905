// Statements of a workspace: what they rest on, the quotes behind them, and the form that changes one.

import { button, dialog, labelled, make } from "./courses-building.js";
import { say } from "./courses-words.js";

/** What a statement rests on, in a word; its shape tells it as well as its colour. */
export const badge = (basis) => make("span", { class: `badge ${basis}` }, say(basis));

export function citations(every) {
  if (!every.length) return null;
  return make("span", { class: "citations" }, every.map((one) => {
    const place = one.page === null ? one.title : `${one.title}, ${say("page", one.page)}`;
    return button(place, () => quote(one), { class: "cite", "aria-haspopup": "dialog" });
  }));
}

function quote(one) {
  const shown = dialog(
    one.title,
    make("blockquote", {}, one.quote),
    make(
      "dl",
      { class: "facts" },
      make("dt", {}, say("document")),
      make("dd", {}, [one.document, one.page === null ? "" : say("page", one.page)].filter(Boolean).join(", ")),
      make("dt", {}, say("corpus")),
      make("dd", {}, one.corpus),
    ),
    make("div", { class: "row end" }, button(say("close"), () => shown.close())),
  );
}

export function staleness(desk, id) {
  const reasons = desk.shown.stale[id] ?? [];
  if (!reasons.length) return null;
  return make("p", { class: "stale" }, make("strong", {}, `${say("stale")}: `), reasons.join(" "));
}

/** The statements of one field. `place`: {course, field}, to change them; null: they are only read. */
export function statements(desk, every, place = null) {
  return make("ul", { class: "statements" }, every.map((one) => statement(desk, one, place)));
}

function statement(desk, one, place) {
  const open = place && button(say("edit"), () => edit(desk, one, place), {
    class: "plain",
    "aria-label": say("edit_of", one.text.slice(0, 60)),
    "data-keep": `edit-${one.id}`,
  });
  const keep = button(say("not_public"), () => withhold(desk, one.id, one.text), {
    class: "plain",
    "aria-label": say("not_public_of", one.text.slice(0, 60)),
    "data-keep": `withhold-${one.id}`,
  });
  return make(
    "li",
    { class: `statement ${one.basis}`, "data-statement": one.id },
    make(
      "div",
      { class: "said" },
      make("div", { class: "badges" }, badge(one.basis), one.disputed && make("span", { class: "badge disputed" }, say("disputed"))),
      make("p", {}, one.text),
      make("span", { class: "tools" }, keep, open),
    ),
    kept(desk, one.id),
    citations(one.citations),
    staleness(desk, one.id),
    one.basis === "assumption" && tested(one.test),
    one.basis === "gap" && make("p", { class: "quiet" }, one.ask.length ? say("ask", one.ask.join(", ")) : say("ask_nobody")),
    one.author && make("p", { class: "quiet" }, say("written_by", one.author)),
    one.reasons.length > 0 &&
      make("details", { class: "why" }, make("summary", {}, say("reasons")), one.reasons.map((why) => make("p", {}, why))),
  );
}

const keptBack = (workspace, part) => workspace.withheld.find((one) => one.part === part);

/** Say that a part is not public, and why. */
function kept(desk, part) {
  const found = keptBack(desk.shown.workspace, part);
  return found && make("p", { class: "quiet" }, make("span", { class: "badge gap" }, say("not_public")), ` ${found.motivation} (${say("written_by", found.by)})`);
}

/** Keep a part out of the memo for the public, or put it back; `words` say what it is. */
function withhold(desk, part, words) {
  const before = keptBack(desk.shown.workspace, part);
  const latest = desk.shown.workspace.withheld.at(-1);
  const motivation = make("textarea", { rows: 3, maxlength: 4000, required: true, value: before?.motivation ?? latest?.motivation ?? "" });
  const theirs = (now) => keptBack(now, part)?.motivation ?? "–";
  const send = async (told) => {
    if (await desk.change("/statements", { about: "public", part, motivation: told }, { mine: told, theirs })) shown.close();
  };
  const submit = (event) => {
    event.preventDefault();
    send(motivation.value);
  };
  const shown = dialog(
    say("not_public"),
    make("form", { submit },
      make("p", { class: "text" }, words),
      labelled(say("motivation"), motivation, say("motivation_hint")),
      make("div", { class: "row end" },
        before && button(say("make_public"), () => send(""), { class: "plain danger" }),
        button(say("cancel"), () => shown.close()),
        make("button", { class: "primary" }, say("save")))),
  );
}

/** What is not public, and the form that adds a whole part to it. */
export function confidential(desk) {
  const { workspace } = desk.shown;
  const named = whole(workspace);
  const name = (part) => named.get(part) ?? find(workspace, part)?.text ?? part;
  const part = make("select", {}, [...named].map(([value, words]) => make("option", { value }, words)));
  const row = (one) =>
    make("li", {},
      make("div", {}, make("p", {}, name(one.part)), make("p", { class: "quiet" }, `${one.motivation} (${say("written_by", one.by)})`)),
      button(say("edit"), () => withhold(desk, one.part, name(one.part)), { "aria-label": say("not_public_of", name(one.part).slice(0, 60)) }));
  return [
    make("p", { class: "quiet" }, say("not_public_hint")),
    workspace.withheld.length > 0 && make("ul", { class: "gaps" }, workspace.withheld.map(row)),
    make("div", { class: "row" },
      labelled(say("part"), part),
      button(say("not_public_add"), () => withhold(desk, part.value, name(part.value)))),
  ];
}

/** Parts that are more than one statement, by what they are called. */
function whole({ framing, courses }) {
  const named = framing.map((filled) => [filled.name, `${say("framing")}: ${say(filled.name)}`]);
  for (const course of courses) {
    if (!course.baseline) named.push([course.id, course.name]);
    named.push(...course.fields.map((filled) => [`${course.id}/${filled.name}`, `${course.name}: ${say(filled.name)}`]));
  }
  return new Map([...named, ...["screening", "wargame", "comparison", "advice"].map((section) => [section, `${say("export")}: ${say(section)}`])]);
}

function tested(test) {
  if (!test?.valid && !test?.necessary && !test?.if_false) return make("p", { class: "quiet" }, say("untested"));
  return make(
    "dl",
    { class: "test" },
    ["valid", "necessary", "if_false"].map((name) => [
      make("dt", {}, say(name)),
      make("dd", { class: test?.[name] ? "" : "quiet" }, test?.[name] || say("not_said")),
    ]),
  );
}

/** Change a statement, or add one when there is none yet. */
export function edit(desk, one, place) {
  const text = make("textarea", { rows: 4, maxlength: 4000, value: one?.text ?? "" });
  const was = one && one.basis !== "fact" ? one.basis : "stated";
  const basis = make(
    "select",
    {},
    ["stated", "assumption", "gap"].map((name) => make("option", { value: name, selected: name === was }, say(name))),
  );
  const tests = Object.fromEntries(
    ["valid", "necessary", "if_false"].map((name) => [name, make("textarea", { rows: 2, value: one?.test?.[name] ?? "" })]),
  );
  const testing = make("div", {}, Object.entries(tests).map(([name, input]) => labelled(say(name), input)));
  const show = () => (testing.hidden = basis.value !== "assumption");
  basis.addEventListener("change", show);
  show();
  const send = async (words) => {
    const body = { statement: one?.id ?? "", ...place, text: words, basis: basis.value };
    if (basis.value === "assumption") {
      body.test = Object.fromEntries(Object.entries(tests).map(([name, input]) => [name, input.value]));
    }
    const theirs = (workspace) => find(workspace, one?.id)?.text ?? "–";
    if (await desk.change("/statements", body, { mine: words, theirs })) shown.close();
  };
  const submit = (event) => {
    event.preventDefault();
    if (text.value.trim()) send(text.value);
  };
  const shown = dialog(
    one ? say("edit") : say("add_to", say(place.field)),
    make(
      "form",
      { submit },
      one?.basis === "fact" && make("p", { class: "notice" }, say("own_word")),
      labelled(say("text"), text),
      labelled(say("basis"), basis),
      testing,
      make(
        "div",
        { class: "row end" },
        one && button(say("remove"), () => send(""), { class: "plain danger" }),
        button(say("cancel"), () => shown.close()),
        make("button", { class: "primary" }, say("save")),
      ),
    ),
  );
  text.focus();
}

/** All statements of a workspace: where each stands, and what it is. */
export function every(workspace) {
  const found = workspace.framing.flatMap((filled) => filled.statements.map((one) => ({ one, at: say(filled.name) })));
  for (const course of workspace.courses) {
    const of = (words) => `${course.name}: ${words}`;
    found.push(...course.idea.map((one) => ({ one, at: of(say("idea")) })));
    for (const filled of course.fields) found.push(...filled.statements.map((one) => ({ one, at: of(say(filled.name)) })));
    for (const turn of course.wargame) {
      for (const name of ["action", "reaction", "counteraction", "result", "decision_point"]) {
        found.push(...turn[name].map((one) => ({ one, at: of(say(name)) })));
      }
    }
  }
  return found;
}

export const find = (workspace, id) => every(workspace).find(({ one }) => one.id === id)?.one;
