// Evaluates the trees that engine/expressions/browser.py writes. The meaning is that of
// engine/expressions/values.py and closures.py, and a test holds the three to one another.
//
// Inside, a number is a BigInt scaled by a million, a day is its ISO text, choices are a Set, missing and
// unknown are null. A reader is asked for keys and answers in JSON, as answers are stored.

const MILLION = 1000000n;
const LIMIT = 10n ** 18n;
const NUMBER = /^([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/;
const CLOCK = /^([01]?[0-9]|2[0-3]):([0-5][0-9])$/;
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const BLANK =
  " \\t\\n\\r\\x0b\\x0c\\x1c\\x1d\\x1e\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const EDGES = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, "g");

class OutOfSteps extends Error {}

/** A function of a reader that gives the tree's value: true, false, BigInt, text, Set, or null. */
export function compile(tree, calendars = {}) {
  return build(tree, { calendars: readCalendars(calendars) });
}

/** The tree's value as JSON: numbers as decimal text, choices as a sorted list. */
export function evaluate(tree, read, calendars = {}) {
  return dump(compile(tree, calendars)(read));
}

/** A value of a kind from JSON as answers are stored; null for what is missing or no such value. */
export function load(kind, json) {
  switch (kind) {
    case "number": return loadNumber(json);
    case "text": return loadText(json);
    case "date": return loadDay(json);
    case "time": return loadTime(json);
    case "yes_no": return typeof json === "boolean" ? json : null;
    case "choice":
    case "record": return typeof json === "string" && json !== "" ? json : null;
    // Markers are stored as a map: of each option chosen, what is known of it.
    case "choices": return loadMany(isObject(json) ? Object.keys(json) : json);
    case "records": return loadMany(json);
    case "rows": { const found = rows(json); return found.length ? found : null; }
    default: return isBlank(json) ? null : json;
  }
}

/** A value as JSON. */
export function dump(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return plain(value);
  if (value instanceof Set) return [...value].sort();
  return value;
}

function build(tree, context) {
  const maker = MAKERS[tree[0]];
  if (!maker) throw new Error(`no such node: ${tree[0]}`);
  return maker(tree, context);
}

const MAKERS = {
  within([, steps, inner], context) {
    const run = build(inner, context);
    return (read) => {
      try {
        const bounded = (key) => read(key);
        bounded.left = { steps };
        return run(bounded);
      } catch (error) {
        if (error instanceof OutOfSteps) return null;
        throw error;
      }
    };
  },

  const([, kind, json]) {
    const value = load(kind, json);
    return () => value;
  },

  read([, key, kind]) {
    return (read) => load(kind, read(key));
  },

  today() {
    return (read) => load("date", read("today()"));
  },

  compare([, operator, left, right], context) {
    const a = build(left, context);
    const b = build(right, context);
    const test = COMPARISONS[operator];
    return (read) => {
      const first = a(read);
      if (first === null) return null;
      const second = b(read);
      return second === null ? null : test(first, second);
    };
  },

  member([, operand, options], context) {
    const value = build(operand, context);
    const among = new Set(options);
    return (read) => {
      const found = value(read);
      return found === null ? null : among.has(found);
    };
  },

  includes([, operand, options], context) {
    const value = build(operand, context);
    return (read) => {
      const found = value(read);
      return found === null ? null : options.some((option) => found.has(option));
    };
  },

  answered([, operand], context) {
    const value = build(operand, context);
    return (read) => value(read) !== null;
  },

  state([, key, states]) {
    return (read) => states.includes(read(key));
  },

  not([, operand], context) {
    const value = build(operand, context);
    return (read) => {
      const found = value(read);
      return found === null ? null : !found;
    };
  },

  and([, items], context) {
    return kleene(items, context, false);
  },

  or([, items], context) {
    return kleene(items, context, true);
  },

  arithmetic([, operator, left, right], context) {
    const a = build(left, context);
    const b = build(right, context);
    return (read) => {
      const first = a(read);
      if (first === null) return null;
      const second = b(read);
      return second === null ? null : calculate(operator, first, second);
    };
  },

  age([, born, at], context) {
    const a = build(born, context);
    const b = build(at, context);
    return (read) => {
      const first = a(read);
      const second = b(read);
      return first === null || second === null ? null : BigInt(years(first, second)) * MILLION;
    };
  },

  days([, first, last, nation], context) {
    const a = build(first, context);
    const b = build(last, context);
    const off = nation === null ? null : context.calendars[nation];
    if (off === undefined) throw new Error(`no days off are known for ${nation}`);
    return (read) => {
      const from = a(read);
      const to = b(read);
      if (from === null || to === null) return null;
      const days = off === null ? ordinal(to) - ordinal(from) : workingDays(ordinal(from), ordinal(to), off);
      return BigInt(days) * MILLION;
    };
  },

  any([, every, own, body, weight], context) {
    const all = build(every, context);
    const test = build(body, context);
    const keys = new Set(own);
    return (read) => {
      let result = false;
      for (const row of all(read) ?? []) {
        spend(read, weight);
        const inside = (key) => (keys.has(key) ? inRow(row, key) : read(key));
        inside.left = read.left;
        const value = test(inside);
        if (value === true) return true;
        if (value === null) result = null;
      }
      return result;
    };
  },

  column([, every, cell, weight], context) {
    const all = build(every, context);
    const one = build(cell, context);
    return (read) => {
      const found = all(read) ?? [];
      spend(read, weight * found.length);
      return found.map((row) => one((key) => inRow(row, key))).filter((value) => value !== null);
    };
  },

  count([, operand], context) {
    const value = build(operand, context);
    return (read) => {
      const found = value(read);
      return BigInt(found === null ? 0 : found instanceof Set ? found.size : found.length) * MILLION;
    };
  },

  fold([, name, items], context) {
    const parts = items.map((item) => [build(item, context), item[0] === "column"]);
    return (read) => {
      const values = [];
      for (const [part, many] of parts) {
        const value = part(read);
        if (many) values.push(...value);
        else if (value !== null) values.push(value);
      }
      return values.length ? values.reduce(FOLDS[name]) : null;
    };
  },
};

const COMPARISONS = {
  "=": (a, b) => a === b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
};

const FOLDS = {
  sum: (total, value) => (total === null ? null : calculate("+", total, value)),
  min: (least, value) => (value < least ? value : least),
  max: (most, value) => (value > most ? value : most),
};

// Three-valued `and` (deciding on false) and `or` (deciding on true).
function kleene(items, context, decides) {
  const parts = items.map((item) => build(item, context));
  return (read) => {
    let result = !decides;
    for (const part of parts) {
      const value = part(read);
      if (value === decides) return decides;
      if (value === null) result = null;
    }
    return result;
  };
}

function spend(read, steps) {
  read.left.steps -= steps;
  if (read.left.steps < 0) throw new OutOfSteps();
}

function inRow(row, key) {
  return Object.hasOwn(row, key) ? row[key] : null;
}

// Rows of a repeat (a list) or of a grid (an object by row).
function rows(value) {
  const all = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return all.filter(isObject);
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isBlank(value) {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function loadText(json) {
  if (typeof json !== "string") return null;
  return json.normalize("NFC").replace(EDGES, "") || null;
}

function loadTime(json) {
  const found = typeof json === "string" ? CLOCK.exec(json) : null;
  return found ? `${found[1].padStart(2, "0")}:${found[2]}` : null;
}

function loadMany(json) {
  if (!Array.isArray(json)) return null;
  const found = new Set(json.filter((one) => typeof one === "string"));
  return found.size ? found : null;
}

function loadDay(json) {
  const found = typeof json === "string" ? DAY.exec(json) : null;
  if (!found) return null;
  const [year, month, day] = found.slice(1).map(Number);
  if (year < 1 || month < 1 || month > 12 || day < 1) return null;
  return day <= monthDays(year, month) ? json : null;
}

function isLeap(year) {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function monthDays(year, month) {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

// Whole years; a 29 February birthday falls on 1 March in other years.
function years(born, at) {
  const before = at.slice(5) < born.slice(5) ? 1 : 0;
  return Number(at.slice(0, 4)) - Number(born.slice(0, 4)) - before;
}

// Days since 1 January of the year 1, which is day 1 and was a Monday.
function ordinal(day) {
  const [year, month, date] = day.split("-").map(Number);
  const past = year - 1;
  let days = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  for (let one = 1; one < month; one += 1) days += monthDays(year, one);
  return days + date;
}

function workingDays(first, last, off) {
  if (last < first) return -workingDays(last, first, off);
  return weekdays(last) - weekdays(first) - (upTo(off, last) - upTo(off, first));
}

function weekdays(day) {
  return Math.floor(day / 7) * 5 + Math.min(day % 7, 5);
}

// How many of the sorted days are not after the day.
function upTo(sorted, day) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= day) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readCalendars(calendars) {
  const read = {};
  for (const [nation, days] of Object.entries(calendars)) {
    read[nation] = days.map(ordinal).sort((a, b) => a - b);
  }
  return read;
}

function loadNumber(json) {
  if (typeof json !== "string" && typeof json !== "number") return null;
  const written = String(json);
  const found = written.length <= 64 ? NUMBER.exec(written) : null;
  if (!found) return null;
  const [, sign, whole, part = "", exponent = "0"] = found;
  const shift = Number(exponent) - part.length + 6;
  const digits = BigInt(whole + part);
  const size = shift >= 0 ? digits * 10n ** BigInt(shift) : halfEven(digits, 10n ** BigInt(-shift));
  return within(sign === "-" ? -size : size);
}

function within(number) {
  return number > -LIMIT && number < LIMIT ? number : null;
}

function calculate(operator, a, b) {
  switch (operator) {
    case "+": return within(a + b);
    case "-": return within(a - b);
    case "*": return within(halfEven(a * b, MILLION));
    default: return b === 0n ? null : within(halfEven(a * MILLION, b));
  }
}

// a ÷ b, rounded to the nearest whole; a half goes to the even one.
function halfEven(a, b) {
  const negative = a < 0n !== b < 0n;
  const top = a < 0n ? -a : a;
  const bottom = b < 0n ? -b : b;
  let result = top / bottom;
  const twice = (top % bottom) * 2n;
  if (twice > bottom || (twice === bottom && result % 2n === 1n)) result += 1n;
  return negative ? -result : result;
}

function plain(number) {
  const size = number < 0n ? -number : number;
  const part = (size % MILLION).toString().padStart(6, "0").replace(/0+$/, "");
  const written = (size / MILLION).toString() + (part ? `.${part}` : "");
  return number < 0n ? `-${written}` : written;
}
