// Keeps a form's page true to its conditions while people type: shows and hides questions, marks what is asked for,
// and works out what is calculated. Nothing typed is ever thrown away: what is hidden stays in its boxes, and the
// server decides what counts.

import { evaluate } from "./evaluation.js";
import { MONTHS, WELSH_MONTHS, typed } from "./reading.js";
import { _ } from "./words.js";

/**
 * Follows the form on a page. `data` holds `form` (CompiledForm.browser), `facts` (CompiledForm.browser_facts),
 * `answers` as stored, the `section` on the page and `today`.
 */
export function start(root, data) {
  const form = root.querySelector("form[data-form]");
  if (!form) return;
  const leaves = leavesByName(data.form);
  const refresh = () => {
    const answers = answersOnPage(form, data);
    draw(form, evaluate(data.form, answers, data.today, data.facts ?? {}), leaves);
  };
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      refresh();
    });
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  refresh();
}

/** The stored answers with what stands in the boxes of the page over them. */
export function answersOnPage(form, data) {
  const answers = { ...data.answers };
  const posted = new FormData(form);
  // Without a section named, all of them stand on the page.
  const sections = data.form.sections.filter((one) => !data.section || one.id === data.section);
  for (const item of sections.flatMap((one) => one.items ?? [])) {
    if (!item.rows) readLeaf(form, posted, item, `a.${item.id}`, answers, data.today);
    else if (item.rows === "grid") readGrid(form, posted, item, answers, data.today);
    else readRows(form, posted, item, answers, data.today);
  }
  return answers;
}

function readLeaf(form, posted, leaf, name, answers, today) {
  if (leaf.calculate || leaf.type === "guidance") return;
  const names = (leaf.boxes ?? [""]).map((part) => [part, part ? `${name}.${part}` : name]);
  const there = names.filter(([, one]) => form.elements.namedItem(one));
  if (!there.length && leaf.type !== "file") return;
  const parts = Object.fromEntries(there.map(([part, one]) => [part, posted.getAll(one)]));
  answers[leaf.id] = typed(leaf, parts, today);
  if (leaf.type === "file" && form.elements.namedItem(`upload.${name}`)?.files.length) answers[leaf.id] ??= ["new"];
  if (answers[leaf.id] === null && !leaf.default) delete answers[leaf.id];
  const other = `${name}.other`;
  if (leaf.other && form.elements.namedItem(other)) answers[`${leaf.id}.other`] = posted.get(other) ?? "";
}

function readGrid(form, posted, grid, answers, today) {
  const cells = { ...(isObject(answers[grid.id]) ? answers[grid.id] : {}) };
  const added = [...form.querySelectorAll("[data-added]")].map((one) => one.dataset.added);
  const drawn = added.filter((one) => one.startsWith(`${grid.id}.`)).map((one) => one.slice(grid.id.length + 1));
  for (const row of [...grid.fixed, ...drawn]) {
    const found = { ...(isObject(cells[row]) ? cells[row] : {}) };
    for (const leaf of grid.leaves) readLeaf(form, posted, leaf, `a.${grid.id}.${row}.${leaf.id}`, found, today);
    const label = form.elements.namedItem(`a.${grid.id}.${row}._label`);
    if (label) found._label = label.value;
    cells[row] = found;
  }
  answers[grid.id] = cells;
}

function readRows(form, posted, rows, answers, today) {
  const start = `${rows.id}.`;
  const drawn = [...form.querySelectorAll("[data-row]")].map((one) => one.dataset.row);
  const ids = drawn.filter((one) => one.startsWith(start)).map((one) => one.slice(start.length));
  const before = new Map((answers[rows.id] ?? []).map((row) => [row._row, row]));
  // Of a form about several records one part stands on a page; the others' answers are as they were.
  const others = rows.rows === "each" ? [...before.values()].filter((row) => !ids.includes(row._row)) : [];
  answers[rows.id] = ids.map((id) => {
    const row = { ...(before.get(id) ?? {}), _row: id };
    for (const leaf of rows.leaves) readLeaf(form, posted, leaf, `a.${rows.id}.${id}.${leaf.id}`, row, today);
    return row;
  }).concat(others);
}

function draw(form, result, leaves) {
  const shown = new Set(result.shown.map((path) => result.names[path]));
  const advised = new Set(result.advised.map((path) => result.names[path]));
  const required = new Set(result.required.map((path) => result.names[path]));
  const calculated = new Map(Object.entries(result.calculated).map(([path, value]) => [result.names[path], value]));
  for (const box of form.querySelectorAll("[data-path]")) {
    const name = box.dataset.path;
    box.hidden = !shown.has(name);
    if (["repeat", "grid", "section"].includes(box.dataset.type)) continue;
    const mark = box.querySelector("[data-mark]");
    if (mark) setText(mark, required.has(name) ? "" : advised.has(name) ? _("(we ask for this)") : mark.dataset.optional ?? "");
    const output = box.querySelector("[data-calculated]");
    const leaf = output ? leafOf(leaves, name) : undefined;
    if (leaf) setText(output, display(leaf, calculated.get(name) ?? null) || _("Worked out from your other answers"));
  }
}

// Only a change is written, so that screen readers are not told the same thing again.
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function leavesByName(description) {
  const found = new Map();
  for (const item of description.sections.flatMap((section) => section.items)) {
    if (!item.rows) found.set(item.id, item);
    else for (const leaf of item.leaves) found.set(`${item.id}.*.${leaf.id}`, leaf);
  }
  return found;
}

function leafOf(leaves, name) {
  const [rows, , leaf] = name.split(".");
  return leaves.get(name) ?? leaves.get(`${rows}.*.${leaf}`);
}

// The words for an answer in the language of the page; where there is no page, in English.
const WELSH = globalThis.document?.documentElement.lang === "cy";
const SAID = WELSH ? { months: WELSH_MONTHS, yes: "Ie", no: "Na" } : { months: MONTHS, yes: "Yes", no: "No" };

/** A calculated answer as people read it. */
export function display(leaf, value) {
  if (value === null) return "";
  switch (leaf.kind) {
    case "number": {
      const [whole, part] = value.split(".");
      const grouped = whole.replace(/\B(?=([0-9]{3})+$)/g, ",") + (part ? `.${part}` : "");
      return `${leaf.prefix ?? ""}${grouped}${leaf.unit ? ` ${leaf.unit}` : ""}`;
    }
    case "date": {
      const [year, month, day] = value.split("-").map(Number);
      return `${day} ${SAID.months[month - 1]} ${year}`;
    }
    case "yes_no": return value ? leaf.yes_label ?? SAID.yes : leaf.no_label ?? SAID.no;
    case "choice": return leaf.labels?.[value] ?? value;
    case "choices": return leaf.options.filter((one) => value.includes(one)).map((one) => leaf.labels?.[one] ?? one).join(", ");
    default: return String(value);
  }
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
