// Saves a form while somebody types. Nothing is kept in the browser but the page itself: while the service cannot be
// reached, or its reader has been signed out, the page goes on trying and says so, and all of it is saved afterwards.
//
// What is sent is what the page holds and, beside it, what stood in each changed field when the page last heard that it
// was saved: from both the server merges by question, so that a page never overwrites what it did not touch.

import { beside, button, element } from "./saying.js";
import { heard, look, signInAgain, token, watch, who } from "./session.js";
import { _ } from "./words.js";

const AFTER_TYPING = 2000;
const WHILE_TYPING = 10_000;
const PATIENCE = 15_000;
const WAITS = [2000, 4000, 8000, 15_000, 30_000];
// How long a button may be held before the page saves by itself. Pressing saves; and what saving has to tell must not
// move the button away from under the finger between pressing it and letting go.
const HELD = 1000;

/** Starts saving this form by itself. */
export function start(form) {
  const saved = read(form);
  const told = drawn(form);
  const page = {
    form,
    told,
    address: location.pathname.replace(/(\/forms\/[^/]+)\/.*$/, "$1/keep-typed"),
    saved,
    tried: saved,
    pending: null,
    busy: null,
    failures: 0,
    since: 0,
    at: "",
    over: false,
    leaving: false,
    timer: undefined,
    held: false,
  };
  form.addEventListener("input", () => soon(page, AFTER_TYPING));
  form.addEventListener("pointerdown", (event) => (page.held = Boolean(event.target.closest("button"))));
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (page.held = false));
  form.addEventListener("change", () => soon(page, page.held ? HELD : 0));
  form.addEventListener("focusout", () => differs(page.tried, read(form)) && soon(page, page.held ? HELD : 0));
  form.addEventListener("submit", (event) => submitting(page, event));
  addEventListener("online", () => page.pending && save(page));
  addEventListener("pagehide", () => !page.leaving && unsent(page) && save(page, true));
  addEventListener("pageshow", (event) => {
    page.leaving = false;
    // A page that the browser kept asks what is saved by now.
    if (event.persisted) save(page, false, true);
  });
  addEventListener("beforeunload", (event) => {
    if (!page.leaving && unsent(page)) event.preventDefault();
  });
  told.again.addEventListener("click", () => again(page));
  watch(() => unsent(page));
  told.quietly(_("What you type saves itself."));
}

/** The fields that are answers, by name, as texts. */
function read(form) {
  const found = new Map();
  for (const [name, value] of new FormData(form)) {
    if (name.startsWith("a.") && typeof value === "string") {
      const text = value.replace(/\r\n?/g, "\n");
      found.has(name) ? found.get(name).push(text) : found.set(name, [text]);
    }
  }
  return found;
}

function changes(before, now) {
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names].filter((name) => JSON.stringify(before.get(name)) !== JSON.stringify(now.get(name)));
}

const differs = (before, now) => changes(before, now).length > 0;
const unsent = (page) => !page.over && (page.pending !== null || differs(page.saved, read(page.form)));

function soon(page, wait) {
  if (page.over) return;
  page.since ||= Date.now();
  const longest = page.since + WHILE_TYPING - Date.now();
  clearTimeout(page.timer);
  page.timer = setTimeout(() => save(page), Math.max(0, Math.min(wait, longest)));
}

/** Sends what changed; one at a time, and the very same again until it is answered. Resolves to whether all is saved. */
async function save(page, last = false, ask = false) {
  clearTimeout(page.timer);
  if (page.over) return false;
  if (page.busy) {
    await page.busy;
    if (!page.pending && !differs(page.tried, read(page.form))) return page.failures === 0;
  }
  const now = page.pending?.now ?? read(page.form);
  const names = changes(page.saved, now);
  if (!names.length && !ask) return true;
  page.since = 0;
  page.pending ??= { now, names, id: crypto.randomUUID?.() ?? String(Math.random()) };
  page.busy = send(page, page.pending, last);
  const well = await page.busy;
  page.busy = null;
  if (well && differs(page.tried, read(page.form))) soon(page, AFTER_TYPING);
  return well;
}

async function send(page, { now, names, id }, last) {
  const data = new URLSearchParams({ csrf_token: token(), _who: who, save: id });
  data.set("revision", page.form.elements.namedItem("revision").value);
  for (const [name, texts] of now) for (const text of texts) data.append(name, text);
  for (const name of names) {
    data.append("changed", name);
    for (const text of page.saved.get(name) ?? []) data.append(`was.${name}`, text);
  }
  const size = data.toString().length;
  let reply;
  try {
    reply = await fetch(page.address, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
      // What is sent as the page goes may be no more than 64 kB.
      keepalive: last && size < 60_000,
      signal: AbortSignal.timeout(PATIENCE),
    });
    const answer = await reply.json();
    return await answered(page, reply.status, answer, now, names);
  } catch {
    return failed(page);
  }
}

async function answered(page, status, answer, now, names) {
  if (status === 200 && answer.state === "saved") return well(page, answer, now, names);
  if (answer.state === "forged") {
    // Signed in anew in another tab: the page takes that token, if it is the same person.
    if ((await look()) === "here") return retry(page, 0);
    return signedOut(page);
  }
  if (status === 401) return signedOut(page);
  if (answer.state === "sent" || status === 403 || status === 404) {
    page.over = true;
    page.pending = null;
    const gone = _("You can no longer change this form. Copy what you typed before you leave this page.");
    page.told.trouble(answer.state === "sent" ? answer.said : gone);
    return false;
  }
  if (status !== 413) return failed(page, answer.said);
  // Too much at once: it is tried again once something has been taken out.
  page.pending = null;
  page.tried = now;
  notSaved(page, answer.said);
  return false;
}

function well(page, answer, now, names) {
  heard(answer);
  page.failures = 0;
  page.pending = null;
  page.tried = now;
  const held = [...answer.conflicts, ...answer.refused].map((one) => one.name);
  const stays = (name) => held.some((one) => name === one || name.startsWith(`${one}.`));
  const saved = new Map(now);
  for (const name of names.filter(stays)) {
    page.saved.has(name) ? saved.set(name, page.saved.get(name)) : saved.delete(name);
  }
  page.saved = saved;
  if (answer.exact) page.form.elements.namedItem("revision").value = answer.revision;
  page.at = answer.at;
  page.told.say(_("Saved %(time)s", { time: answer.at }));
  meanwhile(page, answer);
  return true;
}

function failed(page, said) {
  page.failures += 1;
  notSaved(page, said ?? _("Keep typing: it will be saved when the connection is back."));
  return retry(page, WAITS[Math.min(page.failures, WAITS.length) - 1]);
}

function retry(page, wait) {
  clearTimeout(page.timer);
  page.timer = setTimeout(() => save(page), wait);
  return false;
}

async function signedOut(page) {
  notSaved(page, _("You have been signed out. Keep typing, and sign in again to save."), true);
  // What is saved goes on waiting until they choose to sign in: from the dialog, from the button beside the words, or by
  // pressing any button of the form.
  again(page);
  return false;
}

async function again(page) {
  if (page.asking) return page.asking;
  page.asking = signInAgain();
  const came = await page.asking;
  page.asking = null;
  if (!came) return false;
  if (page.busy) await page.busy;
  return save(page);
}

/** A button of the form: what was typed is saved first, so that nothing is lost where the service does not answer. */
async function submitting(page, event) {
  if (page.leaving || page.over) return;
  if (!unsent(page) && !page.busy) {
    page.leaving = true;
    return;
  }
  event.preventDefault();
  const { submitter } = event;
  if (page.asking) return;
  let well = await save(page);
  if (!well && page.told.out) well = await again(page);
  // What was typed while an earlier text was on its way.
  if (well && differs(page.tried, read(page.form))) well = await save(page);
  if (!well && !page.over) return;
  page.leaving = true;
  page.form.requestSubmit(submitter);
}

/** What others changed on this page meanwhile, and what both changed, said calmly and at once. */
function meanwhile(page, answer) {
  const { by } = answer;
  const box = page.told.meanwhile;
  const lines = answer.refused.map((one) => one.label);
  if (answer.conflicts.length) {
    const questions = [...new Set(answer.conflicts.map((one) => `‘${one.label}’`))].join(", ");
    lines.push(_("%(by)s changed the same answer while you were writing: %(questions)s.", { by, questions }));
    lines.push(_("Your text stands here and is not saved yet; theirs is saved. You can see both and choose."));
  }
  if (answer.others.length) {
    const questions = answer.others.map((one) => `‘${one}’`).join(", ");
    lines.push(_("%(by)s changed something else here meanwhile: %(questions)s. Both are saved.", { by, questions }));
  }
  page.told.compare.hidden = !answer.conflicts.length;
  page.told.newest.hidden = !answer.others.length || answer.conflicts.length > 0;
  const words = lines.join(" ");
  if (page.told.lines.textContent !== words) page.told.lines.textContent = words;
  box.hidden = !lines.length;
}

function notSaved(page, what, out = false) {
  const since = page.at ? _("Not saved since %(time)s.", { time: page.at }) : _("Not saved yet.");
  page.told.trouble(`${since} ${what}`, out);
}

/** Where the page says it: beside the form's buttons, with what others changed meanwhile. */
function drawn(form) {
  const told = beside(form);
  const meanwhile = element("div", "govuk-inset-text trefoil-saved__meanwhile");
  meanwhile.setAttribute("role", "status");
  meanwhile.hidden = true;
  const lines = element("p", "govuk-body");
  const compare = button(_("See both and choose"), "submit");
  compare.name = "action";
  compare.value = "compare";
  const newest = button(_("Show the newest answers"), "submit");
  newest.name = "action";
  newest.value = "compare";
  meanwhile.append(lines, compare, newest);
  told.box.prepend(meanwhile);
  return Object.assign(told, { meanwhile, lines, compare, newest });
}
