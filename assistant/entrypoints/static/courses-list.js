// The page with all workspaces, and the form that makes one.

import { ask, labelled, make, tell } from "./courses-building.js";
import { language, say } from "./courses-words.js";

const main = document.getElementById("main");

function form() {
  const problem = make("textarea", { rows: 5, required: true, maxlength: 4000, name: "problem" });
  const speaks = make(
    "select",
    { name: "language" },
    [["nl", "Nederlands"], ["en", "English"]].map(([code, name]) =>
      make("option", { value: code, selected: code === language() }, name),
    ),
  );
  const send = make("button", { class: "primary" }, say("begin"));
  const submit = async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      const { workspace } = await ask("", { problem: problem.value, language: speaks.value });
      await ask(`/${workspace.id}/framing`, {}).catch(() => null);
      location.assign(`/coa/${workspace.id}`);
    } catch (error) {
      tell(error.message, { wrong: true });
      send.disabled = false;
    }
  };
  return make(
    "form",
    { class: "panel new", submit },
    make("h2", {}, say("new_title")),
    labelled(say("new_problem"), problem, say("new_hint")),
    make("div", { class: "row end" }, labelled(say("language"), speaks), send),
  );
}

function item(one) {
  return make(
    "li",
    {},
    make("a", { href: `/coa/${one.id}`, lang: one.language }, one.title),
    make(
      "p",
      { class: "quiet" },
      make("span", { class: `badge state-${one.state}` }, say(`state_${one.state}`)),
      ` ${[one.courses ? say("course_count", one.courses) : "", one.owner, one.marking].filter(Boolean).join(" · ")}`,
    ),
  );
}

try {
  const every = await ask("");
  main.replaceChildren(
    make(
      "div",
      { class: "narrow" },
      make("h1", {}, say("courses")),
      make("p", { class: "lead" }, say("lead")),
      form(),
      make(
        "section",
        { "aria-labelledby": "existing" },
        make("h2", { id: "existing" }, say("existing")),
        every.length
          ? make("ul", { class: "workspaces" }, every.map(item))
          : make("p", { class: "quiet" }, say("none_yet")),
      ),
    ),
  );
} catch (error) {
  main.replaceChildren(make("p", { class: "notice wrong", role: "alert" }, error.message));
}
