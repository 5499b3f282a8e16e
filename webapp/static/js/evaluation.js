// What is shown, required, advised and calculated for a set of answers: the pass of engine/forms, in the browser.
//
// `evaluate` reads what CompiledForm.browser() describes and must agree with engine/forms/working.py and
// evaluating.py; a test gives both random answers. `logic.js` puts the result on the page.

import { compile, dump } from "./expressions.js";
import { cleaned, stored } from "./reading.js";

const compiled = new WeakMap();
const MOST_ADDED = 50;

// What the server decided, because it reads what the person may not see: said in the facts, the same while they type.
const DECIDED = Symbol("decided");

/**
 * Evaluates a form. `answers` are JSON as stored; `facts` as CompiledForm.browser_facts gives them; `today` is ISO.
 * Gives {shown, required, advised, calculated, names}: paths in form order, values by path, and for every shown
 * path the name under which it is posted.
 */
export function evaluate(description, answers, today, facts = {}) {
  return new Pass(prepare(description), answers ?? {}, today, facts).run();
}

// Trees become functions once a description.
function prepare(description) {
  if (!compiled.has(description)) {
    const calendars = description.calendars ?? {};
    const runs = (tree) => (tree[0] === "decided" ? DECIDED : compile(tree, calendars));
    const ready = (leaf) => {
      const made = { ...leaf, run: {} };
      for (const one of ["show", "required", "advised", "calculate", "default"]) {
        if (leaf[one]) made.run[one] = runs(leaf[one]);
      }
      return made;
    };
    const item = (one) =>
      one.rows ? { ...one, whole: ready(one.whole), leaves: one.leaves.map(ready) } : ready(one);
    const sections = description.sections.map((one) => ({
      id: one.id,
      show: one.show ? runs(one.show) : null,
      items: one.items.map(item),
    }));
    const items = new Map(sections.flatMap((one) => one.items.map((each) => [each.id, each])));
    const byId = new Map(sections.map((one) => [one.id, one]));
    compiled.set(description, { sections, items, byId, steps: description.steps });
  }
  return compiled.get(description);
}

class Row {
  constructor(key, path, name, given) {
    this.key = key;
    this.path = path;
    this.name = name;
    this.given = given;
    this.values = Object.create(null);
    this.hidden = new Set();
  }
}

class Pass {
  constructor(form, given, today, facts) {
    this.form = form;
    this.facts = facts;
    this.top = new Row(null, "", "", given);
    this.base = { "today()": today, ...(facts.read ?? {}) };
    this.rows = new Map();
    this.outside = (key) => this.top.values[key] ?? this.base[key] ?? null;
    this.read = this.outside;
    this.result = { shown: [], required: [], advised: [], calculated: {}, names: {} };
  }

  run() {
    this.readAnswers(this.top, [...this.form.items.values()].filter((item) => !item.rows));
    for (const [kind, id, column] of this.form.steps) {
      if (kind === "section") this.settleSection(this.form.byId.get(id));
      else if (kind === "leaf") this.settleLeaf(this.form.items.get(id), this.top);
      else if (kind === "rows") this.settleRows(this.form.items.get(id));
      else this.settleColumn(this.form.items.get(id), column);
    }
    return this.gather();
  }

  readAnswers(row, leaves) {
    for (const leaf of leaves) {
      if (leaf.run.calculate || !Object.hasOwn(row.given, leaf.id)) continue;
      const value = stored(leaf, row.given[leaf.id]);
      if (value !== null) row.values[leaf.id] = value;
    }
    for (const leaf of leaves.filter((one) => one.other)) {
      const chosen = row.values[leaf.id];
      const isOther = chosen === "other" || (Array.isArray(chosen) && chosen.includes("other"));
      const text = isOther ? cleaned(row.given[`${leaf.id}.other`]) : null;
      if (text) row.values[`${leaf.id}.other`] = text;
    }
  }

  decided(what, name) {
    return this.facts.decided?.[what]?.[name] ?? null;
  }

  holds(run, what, name) {
    return (run === DECIDED ? this.decided(what, name) : run(this.read)) === true;
  }

  settleSection(section) {
    if (this.holds(section.show, "show", section.id)) return;
    this.top.hidden.add(section.id);
    for (const item of section.items) this.hide(item.id, this.top);
  }

  settleLeaf(leaf, row) {
    if (row.hidden.has(leaf.id)) return;
    const name = row.name + leaf.id;
    if (leaf.run.show && !this.holds(leaf.run.show, "show", name)) {
      this.hide(leaf.id, row);
      return;
    }
    const source = leaf.run.calculate ?? (Object.hasOwn(row.given, leaf.id) ? null : leaf.run.default);
    if (!source) return;
    const what = leaf.run.calculate ? "calculate" : "default";
    const value = source === DECIDED ? this.decided(what, name) : dump(source(this.read));
    if (value !== null && value !== "") row.values[leaf.id] = value;
  }

  settleRows(rows) {
    this.rows.set(rows.id, []);
    if (this.top.hidden.has(rows.id)) return;
    if (rows.whole.run.show && !this.holds(rows.whole.run.show, "show", rows.id)) {
      this.hide(rows.id, this.top);
      return;
    }
    const given = this.top.given[rows.id];
    const found = rows.rows === "grid" ? gridRows(rows, given) : this.listedRows(rows, given);
    this.rows.set(rows.id, found);
    for (const row of found) this.readAnswers(row, rows.leaves);
    if (rows.rows === "grid") this.seeCells(rows);
    else if (found.length) this.top.values[rows.id] = found.map((row) => row.values);
  }

  listedRows(rows, given) {
    const listed = Array.isArray(given) && given.every(isObject) ? given : [];
    if (rows.rows === "each" && Array.isArray(this.facts.records)) {
      return this.facts.records.map((record, index) => {
        const answered = listed.findLast((row) => row._row === record.id) ?? {};
        const row = new Row(record.id, `${rows.id}[${index}].`, `${rows.id}.${record.id}.`, answered);
        Object.assign(row.values, record.read);
        return row;
      });
    }
    return listed.map((row, index) => {
      const key = typeof row._row === "string" ? row._row : null;
      return new Row(key, `${rows.id}[${index}].`, `${rows.id}.${key}.`, row);
    });
  }

  settleColumn(rows, column) {
    const leaf = rows.leaves.find((one) => one.id === column);
    for (const row of this.rows.get(rows.id)) {
      this.enter(row, rows);
      this.settleLeaf(leaf, row);
    }
    this.read = this.outside;
    if (rows.rows === "grid") this.seeCells(rows);
  }

  enter(row, rows) {
    const own = new Set(rows.leaves.flatMap((leaf) => [leaf.id, `${leaf.id}.other`]));
    for (const key of Object.keys(row.values)) if (key.startsWith("record.")) own.add(key);
    this.read = (key) => (own.has(key) ? row.values[key] ?? null : this.outside(key));
  }

  // A grid's cells are named from outside by path; the grid is answered while any of them is.
  seeCells(rows) {
    const found = this.rows.get(rows.id);
    for (const row of found) {
      for (const leaf of rows.leaves) {
        if (leaf.id in row.values) this.top.values[row.path + leaf.id] = row.values[leaf.id];
        else delete this.top.values[row.path + leaf.id];
      }
    }
    if (found.some((row) => Object.keys(row.values).length)) {
      this.top.values[rows.id] = found.map((row) => row.values);
    } else delete this.top.values[rows.id];
  }

  hide(id, row) {
    row.hidden.add(id);
    delete row.values[id];
    delete row.values[`${id}.other`];
  }

  gather() {
    const { shown } = this.result;
    for (const section of this.form.sections) {
      if (this.top.hidden.has(section.id)) continue;
      const before = shown.length;
      this.show(section.id, section.id);
      for (const item of section.items) {
        if (this.top.hidden.has(item.id)) continue;
        if (item.rows) this.gatherRows(item);
        else this.gatherLeaf(item, this.top, item.id, item.id);
      }
      if (shown.length === before + 1) this.unshow();
    }
    return this.result;
  }

  gatherRows(rows) {
    const before = this.result.shown.length;
    const marks = [this.result.required.length, this.result.advised.length];
    if (rows.rows !== "each") {
      this.show(rows.id, rows.id);
      this.need(rows.whole, rows.id, rows.id);
    }
    for (const row of this.rows.get(rows.id)) {
      this.enter(row, rows);
      for (const leaf of rows.leaves) {
        if (!row.hidden.has(leaf.id)) this.gatherLeaf(leaf, row, row.path + leaf.id, row.name + leaf.id);
      }
    }
    this.read = this.outside;
    if (rows.rows === "grid" && this.result.shown.length === before + 1) {
      this.unshow();
      [this.result.required.length, this.result.advised.length] = marks;
    }
  }

  gatherLeaf(leaf, row, path, name) {
    this.show(path, name);
    if (leaf.run.calculate) this.result.calculated[path] = row.values[leaf.id] ?? null;
    else this.need(leaf, path, name);
  }

  need(leaf, path, name) {
    let need = leaf.base;
    const { required, advised } = leaf.run;
    if (need !== "required" && required && this.holds(required, "required", name)) need = "required";
    else if (need === "optional" && advised && this.holds(advised, "advised", name)) need = "advised";
    if (need !== "optional") this.result[need].push(path);
  }

  show(path, name) {
    this.result.shown.push(path);
    this.result.names[path] = name;
  }

  unshow() {
    delete this.result.names[this.result.shown.pop()];
  }
}

function gridRows(rows, given) {
  const answered = isObject(given) && Object.values(given).every(isObject) ? given : {};
  const own = (key) => (Object.hasOwn(answered, key) ? answered[key] : {});
  const made = (key, given) => new Row(key, `${rows.id}.${key}.`, `${rows.id}.${key}.`, given);
  const found = rows.fixed.map((key) => made(key, own(key)));
  if (!rows.grows) return found;
  const place = (row) => (Number.isInteger(row._at) ? row._at : 0);
  const added = Object.entries(answered)
    .filter(([key, row]) => !rows.fixed.includes(key) && typeof row._label === "string")
    .sort(([a, one], [b, other]) => place(one) - place(other) || (a < b ? -1 : 1));
  for (const [key, given] of added.slice(0, MOST_ADDED)) {
    const row = made(key, given);
    const label = cleaned(given._label);
    if (label) row.values._label = label;
    found.push(row);
  }
  return found;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
