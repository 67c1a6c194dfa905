// Criteria, values, the weighted matrix and its sensitivity. Weights that are moved count at once and are saved on asking.

import { firstShares, flips, middle, weigh } from "./courses-arithmetic.js";
import { ask, button, draw, labelled, make, tell } from "./courses-building.js";
import { citations, staleness } from "./courses-statements.js";
import { number, percent, say } from "./courses-words.js";

const PARTS = ["title", "definition", "unit", "benchmark", "formula", "weight"];
// What the server is asked about weights that are still being moved.
const QUIET_MILLISECONDS = 350;

export function criteria(desk) {
  const { workspace } = desk.shown;
  const locked = desk.changing ? "" : workspace.criteria_locked_by;
  const rows = make("div", { class: "criteria" });
  const add = (one) => rows.append(criterionForm(one, rows));
  workspace.criteria.forEach(add);
  const save = () => {
    desk.changing = false;
    const mine = [...rows.children].map(read);
    return desk.change("/criteria", { criteria: mine }, { mine: listed(mine), theirs: (now) => listed(now.criteria) });
  };
  const lock = async () => (await save()) === "saved" && desk.change("/criteria/lock", {}, { mine: say("lock_criteria") });
  return [
    make("p", { class: locked ? "locked" : "quiet" }, locked ? say("locked_by", locked) : say(desk.changing ? "unlocks" : "criteria_first")),
    locked ? criteriaTable(workspace.criteria) : rows,
    locked && !workspace.decision &&
      make("div", { class: "row" },
        button(say("change_criteria"), () => {
          desk.changing = true;
          desk.redraw("criteria");
        }),
        desk.mayUnlock(locked) && button(say("unlock"), () => desk.change("/criteria/lock", { locked: false }, { mine: say("unlock") }))),
    !locked &&
      make(
        "div",
        { class: "row" },
        button(say("add_criterion"), () => {
          add({ id: free(rows), title: "", definition: "", unit: "", benchmark: "", formula: "less is better", weight: 1 });
          rows.lastElementChild.querySelector("input").focus();
        }),
        make("span", { class: "space" }),
        button(say("save_criteria"), save),
        button(say("lock_criteria"), lock, { class: "primary" }),
      ),
  ];
}

const listed = (criteria) => criteria.map((one) => `${one.title}: ${one.weight} (${one.formula}, ${one.benchmark})`).join("\n");

function free(rows) {
  const taken = new Set([...rows.children].map((row) => row.dataset.id));
  let at = 1;
  while (taken.has(`c${at}`)) at++;
  return `c${at}`;
}

function criteriaTable(criteria) {
  return scrolling(
    say("criterion"),
    make(
      "table",
      { class: "set" },
      make("thead", {}, make("tr", {}, PARTS.map((part) => make("th", { scope: "col" }, say(part === "title" ? "criterion" : part))))),
      make("tbody", {}, criteria.map((one) =>
        make("tr", {}, make("th", { scope: "row" }, one.title), PARTS.slice(1).map((part) => make("td", {}, part === "weight" ? number(one.weight) : one[part]))))),
    ),
  );
}

function criterionForm(one, rows) {
  const input = (part) => {
    const kind = part === "weight" ? { type: "number", min: 0, step: "any" } : { type: "text", maxlength: part === "definition" ? 4000 : 200 };
    const list = part === "formula" ? { list: "formulas" } : {};
    return labelled(say(part === "title" ? "criterion" : part), make("input", { ...kind, ...list, value: one[part], "data-part": part }));
  };
  const row = make("fieldset", { class: "criterion", "data-id": one.id }, make("legend", {}, one.title || say("criterion")), PARTS.map(input));
  row.append(button(say("remove"), () => row.remove(), { class: "plain danger", "aria-label": `${say("remove")}: ${one.title || say("criterion")}` }));
  return row;
}

function read(row) {
  const part = (name) => row.querySelector(`[data-part=${name}]`).value.trim();
  return { id: row.dataset.id, ...Object.fromEntries(PARTS.map((name) => [name, part(name)])), weight: Number(part("weight")) };
}

export function values(desk) {
  const { workspace } = desk.shown;
  if (!workspace.courses.length || !workspace.criteria_locked_by) return null;
  const given = (course, criterion) => workspace.values.find((one) => one.course === course && one.criterion === criterion);
  const cell = (course, criterion) => {
    const one = given(course.id, criterion.id);
    const save = (event) => {
      const value = event.target.value.trim();
      if (value === (one?.value ?? "")) return;
      const body = { course: course.id, criterion: criterion.id, value };
      const theirs = (now) => now.values.find((v) => v.course === course.id && v.criterion === criterion.id)?.value || "–";
      desk.change("/values", body, { mine: value || "–", theirs }).then((saved) => saved || (event.target.value = one?.value ?? ""));
    };
    const input = make("input", {
      value: one?.value ?? "",
      "aria-label": say("value_of", criterion.title, course.name),
      placeholder: say("not_known"),
      change: save,
      id: `value-${course.id}-${criterion.id}`,
    });
    return make(
      "td",
      {},
      input,
      one?.value && make("span", { class: "quiet" }, make("span", { class: `badge ${one.basis}` }, say(one.basis)), one.by ? ` ${say("written_by", one.by)}` : ""),
      one && citations(one.citations),
      one?.reason && make("p", { class: "quiet" }, one.reason),
    );
  };
  return [
    make("h3", {}, say("values")),
    make("p", { class: "quiet" }, say("value_hint")),
    scrolling(
      say("values"),
      make(
        "table",
        {},
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("course")), workspace.criteria.map((one) =>
          make("th", { scope: "col" }, one.title, make("span", { class: "unit" }, `${one.unit} · ${say("benchmark").toLowerCase()} ${one.benchmark}`), staleness(desk, one.id))))),
        make("tbody", {}, workspace.courses.map((course) =>
          make("tr", {}, make("th", { scope: "row" }, course.name), workspace.criteria.map((criterion) => cell(course, criterion))))),
      ),
    ),
  ];
}

/** A table that is wider than the screen can be moved with the keyboard too. */
export const scrolling = (label, table) => make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, table);

export function comparison(desk) {
  const { compared, workspace } = desk.shown;
  if (compared.problem) return [make("p", { class: "notice wrong" }, compared.problem)];
  if (!compared.matrix) return [make("p", { class: "quiet" }, say("no_matrix"))];
  const saved = compared.matrix;
  const name = (id) => workspace.courses.find((one) => one.id === id)?.name ?? id;
  const title = (id) => workspace.criteria.find((one) => one.id === id)?.title ?? id;
  const table = make("div");
  const bars = make("div");
  const advice = make("div");
  const unsaved = make("div", { class: "row unsaved", hidden: true });
  const weights = [...saved.set_weights];
  let waiting = 0;

  const changed = () => weights.some((weight, at) => weight !== saved.set_weights[at]);
  const named = () => Object.fromEntries(saved.criteria.map((id, at) => [id, weights[at]]));
  const recompute = () => {
    const matrix = weigh({ ...saved, set_weights: weights });
    outcome(table, matrix);
    chart(bars, { matrix, shares: firstShares(matrix), provisional: true, name, title });
    unsaved.hidden = !changed();
    clearTimeout(waiting);
    waiting = setTimeout(settle, QUIET_MILLISECONDS);
  };
  const settle = async () => {
    try {
      const asked = weights.join();
      const trial = await ask(`/${workspace.id}/trial`, { weights: named() });
      if (asked === weights.join()) show(trial);
    } catch (error) {
      tell(error.message, { wrong: true });
    }
  };
  const show = (one) => {
    if (one.problem) return advice.replaceChildren(make("p", { class: "notice wrong" }, one.problem));
    const matrix = weigh({ ...one.matrix });
    outcome(table, matrix);
    chart(bars, { matrix, shares: one.sensitivity.first, stability: one.sensitivity, name, title });
    advice.replaceChildren(...recommendation(one.recommendation, name));
  };
  const move = (at, weight) => {
    weights[at] = weight;
    for (const input of table.querySelectorAll(`[data-weight="${at}"]`)) if (input !== document.activeElement) input.value = weight;
    recompute();
  };
  table.append(matrixTable(saved, { weights, name, title, move }));
  unsaved.append(
    make("p", {}, say("not_saved")),
    make("span", { class: "space" }),
    button(say("reset_weights"), () => desk.redraw("comparison")),
    button(say("save_weights"), () => desk.change("/weights", { weights: named() }, { mine: saved.criteria.map((id, at) => `${title(id)}: ${weights[at]}`).join("\n") }), { class: "primary" }),
  );
  show(compared);
  return [
    make("p", { class: "quiet" }, say("matrix_hint")),
    table,
    unsaved,
    advice,
    make("h3", {}, say("sensitivity")),
    bars,
  ];
}

function matrixTable(matrix, { weights, name, title, move }) {
  const top = Math.max(10, ...weights);
  const weight = (at) => {
    const shared = { min: 0, value: weights[at], "data-weight": at, input: (event) => event.target.value !== "" && event.target.validity.valid && move(at, Number(event.target.value)) };
    const label = `${say("weight")}: ${title(matrix.criteria[at])}`;
    return make(
      "th",
      { scope: "col" },
      make("span", {}, title(matrix.criteria[at])),
      make("div", { class: "weight" },
        make("input", { type: "range", max: top, step: 0.1, "aria-label": label, ...shared, value: weights[at] }),
        make("input", { type: "number", max: 1e6, step: "any", "aria-label": label, ...shared }),
        make("span", { class: "quiet", "data-share": at })),
    );
  };
  return scrolling(
    say("matrix"),
    make(
      "table",
      { class: "matrix" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("course")), matrix.criteria.map((_, at) => weight(at)), make("th", { scope: "col" }, say("total")), make("th", { scope: "col" }, say("rank")))),
      make("tbody", {}, matrix.courses.map((id, row) =>
        make("tr", { "data-course": id },
          make("th", { scope: "row" }, name(id)),
          matrix.scores[row].map((score) => make("td", { class: score === null ? "cell open" : "cell" },
            score === null ? say("not_known") : [number(score), meter(score)])),
          make("td", { class: "total" }),
          make("td", { class: "rank" })))),
    ),
  );
}

const meter = (low, high = low) =>
  draw("svg", { class: "meter", width: "100%", height: "6", "aria-hidden": "true" },
    draw("rect", { class: "back", width: "100%", height: "6", rx: "3" }),
    high > low && draw("rect", { class: "maybe", width: `${100 * high}%`, height: "6", rx: "3" }),
    draw("rect", { class: "fill", width: `${100 * low}%`, height: "6", rx: "3" }));

/** Put totals, ranks and shares of weights in the table, which keeps its inputs. */
function outcome(table, matrix) {
  for (const [at, share] of matrix.weights.entries()) table.querySelector(`[data-share="${at}"]`).textContent = percent(share);
  for (const [row, id] of matrix.courses.entries()) {
    const line = table.querySelector(`tr[data-course="${CSS.escape(id)}"]`);
    const { low, high } = matrix.totals[row];
    const rank = matrix.ranking.findIndex((group) => group.includes(id));
    const place = 1 + matrix.ranking.slice(0, rank).flat().length;
    const words = high - low > 1e-9 ? `${number(low)} – ${number(high)}` : number(low);
    line.querySelector(".total").replaceChildren(make("strong", {}, words), meter(low, high));
    line.querySelector(".rank").textContent = matrix.ranking[rank].length > 1 ? `${place} =` : place;
    line.classList.toggle("first", rank === 0);
  }
}

function recommendation(one, name) {
  if (!one) return [];
  const list = (title, every) => every.length > 0 && make("div", {}, make("h4", {}, title), make("ul", {}, every.map((words) => make("li", {}, words))));
  return [
    make("section", { class: one.course ? "advice" : "advice none", "aria-label": say("recommendation") },
      make("p", { class: "eyebrow" }, say("recommendation")),
      make("h3", {}, one.course ? name(one.course) : say("nothing_recommended"), " ", one.confidence && make("span", { class: "badge" }, say("confidence", one.confidence))),
      make("ul", {}, one.reasons.map((words) => make("li", {}, words))),
      make("div", { class: "columns" }, list(say("dissent"), one.dissent), list(say("would_change"), one.what_would_change))),
  ];
}

function chart(place, { matrix, shares, stability = null, provisional = false, name, title }) {
  const order = [...shares].sort((one, other) => middle(matrix.totals[matrix.courses.indexOf(other.course)]) - middle(matrix.totals[matrix.courses.indexOf(one.course)]));
  const bar = (share, kind, y) => draw("rect", { class: kind, x: "0", y, width: `${Math.max(0.4, 100 * share)}%`, height: "9", rx: "2" });
  const row = (one) =>
    make("li", {},
      make("span", { class: "label" }, name(one.course)),
      draw("svg", { class: "bars", width: "100%", height: "22", role: "img", "aria-label": `${name(one.course)}: ${percent(one.around)} ${say("around")}, ${percent(one.uniform)} ${say("uniform")}` },
        draw("rect", { class: "back", width: "100%", height: "22", rx: "3" }), bar(one.around, "around", "1"), bar(one.uniform, "uniform", "12")),
      make("span", { class: "figure" }, percent(one.around), make("span", { class: "quiet" }, percent(one.uniform))));
  const found = flips(matrix);
  const top = 1.1 * Math.max(...matrix.set_weights, ...found.map((one) => (one.weight && one.weight < 50 ? one.weight : 0)), 1);
  const x = (weight) => `${Math.min(99, Math.max(1, (100 * weight) / top))}%`;
  const flip = (one, at) => {
    const now = matrix.set_weights[at];
    const words = one.weight === null ? say("flip_never", number(now)) : say("flip_at", number(now), number(one.weight), one.to.map(name).join(", "));
    return make("li", {},
      make("span", { class: "label" }, title(one.criterion)),
      draw("svg", { class: "bars", width: "100%", height: "22", "aria-hidden": "true" },
        draw("line", { class: "axis", x1: "1%", x2: "99%", y1: "11", y2: "11" }),
        one.weight !== null && draw("line", { class: "span", x1: x(now), x2: x(one.weight), y1: "11", y2: "11" }),
        draw("circle", { class: "now", cx: x(now), cy: "11", r: "6" }),
        one.weight !== null && draw("line", { class: "flip", x1: x(one.weight), x2: x(one.weight), y1: "2", y2: "20" })),
      make("span", { class: "words" }, words));
  };
  place.replaceChildren(
    make("figure", { class: "chart" },
      make("figcaption", {}, say("first_share"), make("span", { class: "legend" }, make("span", { class: "key around" }), say("around"), make("span", { class: "key uniform" }), say("uniform"))),
      make("ul", { class: "rows shares" }, order.map(row)),
      make("p", { class: "quiet" }, provisional ? say("browser_shares") : stability ? say("stability", percent(stability.stability), number(stability.samples, 0)) : "")),
    make("figure", { class: "chart" }, make("figcaption", {}, say("flip_title")), make("ul", { class: "rows flips" }, found.map(flip))),
  );
}
