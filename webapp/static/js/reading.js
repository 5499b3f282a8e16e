// What people type, read as engine/questions reads it: boxes → the JSON in which answers are stored.
//
// Here it only decides what a condition sees while somebody types; the server reads everything again and says
// what is wrong. Whatever cannot be read is null: missing. A test holds this file to its counterpart in Python.

const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;
const LINE_ENDS = /\r\n?|[\u2028\u2029\x85]/g;
const PLAIN = /^([+-]?)([0-9]*)(?:\.([0-9]*))?$/;
const GROUPED = /^[+-]?[0-9]{1,3}(?:[, \u00a0\u2009\u202f'][0-9]{3})+(?:\.[0-9]*)?$/;
const SEPARATORS = /[, \u00a0\u2009\u202f']/g;
const MINUSES = /[−–‒﹣-]/g;
const STORED_TIME = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/;
const TYPED_TIME = /^([0-9]{1,2})(?:\s*[:.h]?\s*([0-9]{2}))?\s*([ap])?\.?\s*(m)?\.?$/;
const NAMED_TIMES = { midnight: "00:00", midday: "12:00", noon: "12:00" };
const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;
const FILE_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;
const OUTWARD = "(?:[A-Z]{1,2}[0-9][0-9A-Z]?|GIR)";
const POSTCODE = new RegExp(`^(${OUTWARD})([0-9][ABD-HJLNP-UW-Z]{2}|0AA)$`);
const HALF_POSTCODE = new RegExp(`^${OUTWARD}$`);
const WEEKDAY =
  /^(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?|dydd (?:llun|mawrth|mercher|iau|gwener|sadwrn|sul))[,.]?\s+/i;
const ISO = /^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ][0-9:.Z+]*)?$/;
const DAY_FIRST =
  /^([0-9]{1,2})(?:st|nd|rd|th)?(?:\s+(?:of|o)\s+|[\s/.,-]+|(?<=[0-9a-z])(?=[a-z]))([a-z]+|[0-9]{1,2})\.?(?:[\s/.,-]+|(?<=[a-z])(?=[0-9]))['’]?([0-9]{4}|[0-9]{2})$/i;
const MONTH_FIRST = /^([a-z]{3,})\.?[\s-]+([0-9]{1,2})(?:st|nd|rd|th)?[\s,]+['’]?([0-9]{4}|[0-9]{2})$/i;
const NEAR = { today: 0, yesterday: -1, tomorrow: 1, heddiw: 0, ddoe: -1, yfory: 1 };

export const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];

export const WELSH_MONTHS = [
  "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin",
  "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr",
];

/** The answer typed into a question's boxes, by part ("" is the one box), as JSON; null if there is none. */
export function typed(leaf, parts, today) {
  const text = (parts[""]?.[0] ?? "").trim();
  switch (leaf.type) {
    case "number":
    case "scale": return typedNumber(leaf, text);
    case "date": return typedDate(parts, text, today);
    case "time": return typedTime(text.toLowerCase());
    case "yes_no": return text === "yes" ? true : text === "no" ? false : null;
    case "choose_many": return stored(leaf, (parts[""] ?? []).map((one) => one.trim()).filter(Boolean));
    case "record_link":
    case "staff": return stored(leaf, leaf.kind === "records" ? (parts[""] ?? []).filter(Boolean) : text);
    case "person":
    case "action": return typedParts(leaf, parts, today);
    case "marker": return typedMarkers(leaf, parts, today);
    case "file": return stored(leaf, (parts[""] ?? []).filter(Boolean));
    default: return stored(leaf, parts[""]?.[0] ?? "");
  }
}

// Each part as its own type reads it; nothing at all if one of them cannot be read.
function typedParts(leaf, parts, today) {
  const found = {};
  for (const part of leaf.parts) {
    const boxes = boxesOf(parts, part.id);
    const value = typed(part, boxes, today);
    if (value !== null) found[part.id] = value;
    else if (Object.values(boxes).flat().some((text) => text.trim())) return null;
  }
  return Object.keys(found).length ? found : null;
}

function typedMarkers(leaf, parts, today) {
  const chosen = stored({ ...leaf, type: "choose_many" }, (parts[""] ?? []).map((one) => one.trim()).filter(Boolean));
  const unread = (chosen ?? []).some((option) =>
    ["from", "to"].some((name) => {
      const boxes = boxesOf(parts, `${option}.${name}`);
      return Object.values(boxes).flat().some((text) => text.trim()) && typedDate(boxes, "", today) === null;
    }),
  );
  return unread ? null : chosen;
}

function boxesOf(parts, name) {
  const found = {};
  for (const [box, texts] of Object.entries(parts)) {
    if (box === name) found[""] = texts;
    else if (box.startsWith(`${name}.`)) found[box.slice(name.length + 1)] = texts;
  }
  return found;
}

/** An answer's JSON as its type reads it; null if it is missing or no such answer. */
export function stored(leaf, json) {
  if (json === null || json === undefined || json === "") return null;
  switch (leaf.type) {
    case "text": return oneLine(json);
    case "long_text": return cleaned(json);
    case "number":
    case "scale": return storedNumber(json);
    case "date": return storedDate(json);
    case "time": return typeof json === "string" && STORED_TIME.test(json) ? json : null;
    case "yes_no": return typeof json === "boolean" ? json : { yes: true, no: false }[json] ?? null;
    case "choose_one": return leaf.options.includes(json) ? json : null;
    case "choose_many": return all(json, (one) => leaf.options.includes(one));
    case "postcode": return postcode(json, leaf.partial === true);
    case "record_link":
    case "staff": return links(leaf, json);
    case "person":
    case "action": return storedParts(leaf, json);
    case "marker": return storedMarkers(leaf, json);
    case "file": return all(json, (one) => FILE_ID.test(one));
    default: return null;
  }
}

/** Text as it is kept: composed, trimmed, without what no page can hold. */
export function cleaned(json) {
  if (typeof json !== "string") return null;
  const text = json.replace(LINE_ENDS, "\n").replace(CONTROLS, "");
  return (text.toWellFormed?.() ?? text).normalize("NFC").trim() || null;
}

function oneLine(json) {
  const text = cleaned(json);
  return text === null ? null : text.replace(/\s*[\n\t]\s*/g, " ");
}

function all(json, test) {
  return Array.isArray(json) && json.length && json.every((one) => typeof one === "string" && test(one)) ? json : null;
}

function links(leaf, json) {
  const many = leaf.kind === "records";
  if (Array.isArray(json)) return many ? all(json, (one) => ID.test(one)) : null;
  if (typeof json !== "string" || !ID.test(json)) return null;
  return many ? [json] : json;
}

function storedParts(leaf, json) {
  if (!isMap(json) || !Object.keys(json).every((key) => leaf.parts.some((part) => part.id === key))) return null;
  const found = {};
  for (const part of leaf.parts) {
    const value = stored(part, json[part.id]);
    if (value !== null) found[part.id] = value;
    else if (!blank(part, json[part.id])) return null;
  }
  return Object.keys(found).length ? found : null;
}

// Conditions see which options are chosen; what is known of each only has to be readable.
function storedMarkers(leaf, json) {
  if (Array.isArray(json)) return all(json, (one) => leaf.options.includes(one));
  if (!isMap(json) || !Object.keys(json).length) return null;
  for (const [option, known] of Object.entries(json)) {
    if (!leaf.options.includes(option) || !isMap(known)) return null;
    for (const [name, value] of Object.entries(known)) {
      if (!leaf.asks.includes(name)) return null;
      const part = { type: name === "why" ? "text" : "date" };
      if (stored(part, value) === null && !blank(part, value)) return null;
    }
  }
  return leaf.options.filter((one) => Object.hasOwn(json, one));
}

function blank(leaf, json) {
  if (json === null || json === undefined || json === "") return true;
  return typeof json === "string" && (leaf.type === "text" || leaf.type === "long_text");
}

function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function storedNumber(json) {
  if (typeof json !== "string" && typeof json !== "number") return null;
  const text = String(json);
  return text.length <= 64 ? plainNumber(text) : null;
}

// At most 12 digits before the point and 6 after it; zeros at the ends do not count.
function plainNumber(text) {
  const found = PLAIN.exec(text);
  if (!found || (!found[2] && !found[3])) return null;
  const whole = found[2].replace(/^0+/, "");
  const part = (found[3] ?? "").replace(/0+$/, "");
  if (whole.length > 12 || part.length > 6) return null;
  const sign = found[1] === "-" && (whole || part) ? "-" : "";
  return `${sign}${whole || "0"}${part ? `.${part}` : ""}`;
}

function typedNumber(leaf, typedText) {
  let text = typedText;
  for (const extra of [leaf.prefix, leaf.unit]) {
    if (!extra) continue;
    if (text.startsWith(extra)) text = text.slice(extra.length);
    if (text.endsWith(extra)) text = text.slice(0, -extra.length);
    text = text.trim();
  }
  if (!text || text.length > 64) return null;
  text = text.replace(MINUSES, "-").replace(/^([+-])\s+/, "$1");
  return plainNumber(GROUPED.test(text) ? text.replace(SEPARATORS, "") : text);
}

function storedDate(json) {
  const found = typeof json === "string" ? /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(json) : null;
  return found ? wholeDate(found[3], found[2], found[1]) : null;
}

function typedDate(parts, single, today) {
  const box = (part) => (parts[part]?.[0] ?? "").trim();
  const day = box("day") || single;
  const month = box("month");
  const year = box("year");
  if (day && !month && !year && !/^[0-9]{1,2}$/.test(day)) return pastedDate(day, today);
  if (!day || !month || !year) return null;
  return wholeDate(day.replace(/(?<=[0-9])(st|nd|rd|th)$/i, ""), month, year);
}

/** A whole date in one text as its three boxes hold it: [day, month, year]; null if it is none. */
export function inBoxes(text, today) {
  const found = pastedDate(text, today);
  if (!found) return null;
  const [year, month, day] = found.split("-").map(Number);
  return [String(day), String(month), String(year)];
}

function pastedDate(typedText, today) {
  const near = typedText.trim().toLowerCase();
  if (Object.hasOwn(NEAR, near) && today) return dayAfter(today, NEAR[near]);
  let text = typedText.trim().replace(/\s+/g, " ");
  if (text.length > 40) return null;
  text = text.replace(WEEKDAY, "");
  let found = ISO.exec(text);
  if (found) return wholeDate(found[3], found[2], found[1]);
  found = DAY_FIRST.exec(text);
  if (found) return wholeDate(found[1], found[2], found[3]);
  found = MONTH_FIRST.exec(text);
  return found ? wholeDate(found[2], found[1], found[3]) : null;
}

function wholeDate(dayText, monthText, yearText) {
  if (!/^[0-9]{1,2}$/.test(dayText)) return null;
  const month = monthNumber(monthText);
  const digits = yearText.replace(/^['’]/, "");
  if (month === null || !/^(?:[0-9]{4}|[0-9]{2})$/.test(digits) || yearText === "0000") return null;
  const year = digits.length === 4 ? Number(digits) : Number(digits) + (Number(digits) < 50 ? 2000 : 1900);
  const day = Number(dayText);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const length = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  if (day < 1 || day > length) return null;
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function monthNumber(typedText) {
  const text = typedText.trim().replace(/\.+$/, "").toLowerCase();
  if (/^[0-9]{1,2}$/.test(text)) return Number(text) >= 1 && Number(text) <= 12 ? Number(text) : null;
  // The month of either language, whichever the page is in; three letters say which it is.
  if (text.length < 3) return null;
  for (const names of [MONTHS, WELSH_MONTHS]) {
    const index = names.findIndex((name) => name.toLowerCase().startsWith(text));
    if (index >= 0) return index + 1;
  }
  return null;
}

function dayAfter(today, days) {
  const day = new Date(`${today}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

function typedTime(text) {
  if (Object.hasOwn(NAMED_TIMES, text)) return NAMED_TIMES[text];
  const found = text.length < 20 ? TYPED_TIME.exec(text) : null;
  if (!found) return null;
  const [, hourText, minuteText, half, m] = found;
  if ((half === undefined) !== (m === undefined) || (half === undefined && minuteText === undefined)) return null;
  let hour = Number(hourText);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half === "p" ? 12 : 0);
  }
  const minute = Number(minuteText ?? 0);
  if (hour > 23 || minute > 59) return null;
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

function postcode(json, partial) {
  if (typeof json !== "string") return null;
  const letters = json.slice(0, 40).replace(/[\s.,-]/g, "").toUpperCase();
  const found = POSTCODE.exec(letters);
  if (found) return `${found[1]} ${found[2]}`;
  return partial && HALF_POSTCODE.test(letters) ? letters : null;
}
