// Elements of a page, made without HTML so that text from documents stays text; and what the server is asked.

import { language, say } from "./courses-words.js";

const SVG = "http://www.w3.org/2000/svg";

/** Make an element. Attributes that are functions are listeners; those that are null or false are left out. */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name === "value") element.value = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const button = (label, press, attributes = {}) =>
  make("button", { type: "button", click: press, ...attributes }, label);

let fields = 0;

/** A labelled input, with a hint below it if there is one. */
export function labelled(label, input, hint = "") {
  input.id ||= `field-${++fields}`;
  if (hint) input.setAttribute("aria-describedby", `${input.id}-hint`);
  return make(
    "div",
    { class: "field" },
    make("label", { for: input.id }, label),
    input,
    hint && make("p", { class: "hint", id: `${input.id}-hint` }, hint),
  );
}

/** Show a dialog and return it; it leaves the page when it is closed. */
export function dialog(title, ...children) {
  const heading = make("h2", { id: `dialog-${++fields}` }, title);
  const one = make("dialog", { "aria-labelledby": heading.id }, heading, ...children);
  one.addEventListener("close", () => one.remove());
  document.body.append(one);
  one.showModal();
  return one;
}

const told = make("div", { class: "told", role: "status", "aria-live": "polite" });
document.body.append(told);

/** Say something at the edge of the page, for a while; what went wrong stays until it is closed. */
export function tell(words, { wrong = false } = {}) {
  const notice = make("p", { class: wrong ? "toast wrong" : "toast" }, words);
  if (wrong) notice.append(button(say("close"), () => notice.remove(), { class: "plain" }));
  told.replaceChildren(notice);
  if (!wrong) setTimeout(() => notice.remove(), 4000);
}

/** What the server refused: its status and what it told. */
export class Refused extends Error {
  constructor(status, told) {
    super([told.problem ?? told.detail, told.hint].filter(Boolean).join(" "));
    this.status = status;
    this.told = told;
  }
}

/** Ask the interface of workspaces; with a body it is a change. Throws Refused. */
export async function ask(path, body) {
  const headers = { "accept-language": language() };
  const options = body
    ? { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) }
    : { headers };
  let response;
  try {
    response = await fetch(`/coa/api/workspaces${path}`, { ...options, credentials: "same-origin" });
  } catch {
    throw new Refused(0, { problem: say("unreachable") });
  }
  const answer = await response.json().catch(() => ({ problem: response.statusText }));
  if (response.status === 401) location.assign("/login");
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}
