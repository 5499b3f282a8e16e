// Keeps what is typed in a form that has a button to save it, as it is typed: on the server, for its writer alone, to be
// offered again where it was typed. Nothing is saved by it, and nothing is kept in the browser but the page itself.
//
// Each page keeps a text of its own under the sealed name that it was drawn with; what it sends carries a number that
// grows, so that what comes late never stands over what is newer.

import { beside } from "./saying.js";
import { heard, look, signInAgain, token, watch, who } from "./session.js";
import { _ } from "./words.js";

const AFTER_TYPING = 2000;
const WHILE_TYPING = 10_000;
const PATIENCE = 15_000;
const HARDLY = 5000;
const WAITS = [2000, 4000, 8000, 15_000, 30_000];
const NEVER = new Set(["password", "file", "submit", "button", "image", "reset"]);
const WORDS = new Set(["text", "textarea", "search"]);
const address = document.querySelector("script[src*='/static/']").getAttribute("src").split("/static/")[0];

/** Starts keeping what is typed in the form of this field, which holds the sealed name. */
export function start(seal) {
  const { form } = seal;
  const kept = read(form);
  const page = {
    form,
    seal,
    number: Number(seal.dataset.since),
    drawn: kept,
    offered: Boolean(seal.name),
    kept,
    refused: null,
    busy: null,
    failures: 0,
    since: 0,
    at: "",
    over: false,
    leaving: false,
    timer: undefined,
    told: beside(form),
  };
  form.addEventListener("input", () => {
    // Whatever was to lead away from the page did not: somebody types here.
    page.leaving = false;
    soon(page, AFTER_TYPING);
  });
  form.addEventListener("focusout", () => waiting(page) && soon(page, 0));
  form.addEventListener("submit", (event) => submitting(page, event));
  for (const away of document.querySelectorAll("form[data-drops]")) {
    away.addEventListener("submit", () => (page.leaving = true));
  }
  // What is typed goes along when the language is switched.
  document.querySelector("button[data-switch]")?.addEventListener("click", () => (page.leaving = true));
  addEventListener("online", () => waiting(page) && keep(page));
  addEventListener("pagehide", () => !page.leaving && waiting(page) && keep(page, true));
  addEventListener("pageshow", () => (page.leaving = false));
  addEventListener("beforeunload", (event) => {
    if (!page.leaving && unkept(page)) event.preventDefault();
  });
  page.told.again.addEventListener("click", () => again(page));
  watch(() => unkept(page));
  page.told.quietly(_("What you type is kept for you until you save it."));
}

/** What stands in the boxes, by name; and what the page carries that its text was written over. */
function read(form) {
  const found = [];
  for (const one of form.elements) {
    if (!one.name || one.disabled || NEVER.has(one.type)) continue;
    if (one.type === "hidden" && one.dataset.typed === undefined) continue;
    if (["checkbox", "radio"].includes(one.type) && !one.checked) continue;
    const texts = one.tagName === "SELECT" ? [...one.selectedOptions].map((option) => option.value) : [one.value];
    for (const text of texts) found.push([one.name, text.replace(/\r\n?/g, "\n")]);
  }
  return found;
}

const wordless = (form) => ![...form.elements].some((one) => WORDS.has(one.type) && one.name && one.value.trim());
const differ = (one, other) => JSON.stringify(one) !== JSON.stringify(other);
/** Whether something stands in the boxes that is kept nowhere; and whether it is worth sending. */
const unkept = (page) => differ(page.kept, read(page.form));
const waiting = (page) => !page.over && unkept(page) && differ(page.refused, read(page.form));

function soon(page, wait) {
  if (page.over) return;
  page.since ||= Date.now();
  const longest = page.since + WHILE_TYPING - Date.now();
  clearTimeout(page.timer);
  page.timer = setTimeout(() => keep(page), Math.max(0, Math.min(wait, longest)));
}

/** Sends what stands in the boxes now, one at a time. Resolves to whether it is kept. */
async function keep(page, last = false) {
  clearTimeout(page.timer);
  if (page.busy && !last) await page.busy;
  if (page.leaving || !waiting(page)) return !page.over;
  page.since = 0;
  page.busy = send(page, read(page.form), last);
  const well = await page.busy;
  page.busy = null;
  if (well && waiting(page)) soon(page, AFTER_TYPING);
  return well;
}

async function send(page, now, last) {
  page.number += 1;
  const data = new URLSearchParams({ csrf_token: token(), _who: who, _unsaved: page.seal.value, number: page.number });
  // What is as it was drawn, and a form without a word in it, is nothing that was typed.
  const typed = wordless(page.form) || (!page.offered && !differ(page.drawn, now)) ? [] : now;
  for (const [name, text] of typed) data.append(`t.${name}`, text);
  // From now on saving says what was kept, lest what is still on its way comes after it.
  page.seal.name = "_unsaved";
  try {
    const reply = await fetch(`${address}/unsaved/keep-typed`, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
      // What is sent as the page goes may be no more than 64 kB.
      keepalive: last && data.toString().length < 60_000,
      signal: AbortSignal.timeout(PATIENCE),
    });
    return await answered(page, reply.status, await reply.json(), now, typed.length > 0);
  } catch {
    return failed(page);
  }
}

async function answered(page, status, answer, now, something) {
  if (status === 200 && answer.state === "kept") {
    heard(answer);
    page.failures = 0;
    page.kept = now;
    page.refused = null;
    page.at = answer.at;
    page.told.say(
      something
        ? _("Kept at %(time)s for you alone. It is not saved yet.", { time: answer.at })
        : _("What you type is kept for you until you save it."),
    );
    return true;
  }
  if (status === 200 && answer.state === "over") {
    // Saved or thrown away in another window: what is typed here from now on is a text of its own.
    page.seal.value = answer.seal;
    page.number = 0;
    return retry(page, 0);
  }
  if (answer.state === "forged") {
    // Signed in anew in another tab: the page takes that token, if it is the same person.
    return (await look()) === "here" ? retry(page, 0) : signedOut(page);
  }
  if (status === 401) return signedOut(page);
  if (status === 403 || status === 404) {
    page.over = true;
    page.told.trouble(_("What you type here can no longer be kept. Copy it before you leave this page."));
    return false;
  }
  if (status >= 500 || status === 429) return failed(page);
  // Too much at once: it is tried again once something has been taken out.
  page.failures = 0;
  page.refused = now;
  page.told.trouble(answer.said ?? _("That is too much to keep before it is saved."));
  return false;
}

function failed(page) {
  page.failures += 1;
  notKept(page, _("Keep typing: it will be kept when the connection is back."));
  return retry(page, WAITS[Math.min(page.failures, WAITS.length) - 1]);
}

function retry(page, wait) {
  clearTimeout(page.timer);
  page.timer = setTimeout(() => keep(page), wait);
  return false;
}

function signedOut(page) {
  notKept(page, _("You have been signed out. Keep typing, and sign in again to have it kept."), true);
  again(page);
  return false;
}

async function again(page) {
  page.asking ??= signInAgain(_("You have been signed out. What you typed is still here. Sign in to go on with it."));
  const came = await page.asking;
  page.asking = null;
  if (page.busy) await page.busy;
  return came && (await keep(page));
}

function notKept(page, what, out = false) {
  const since = page.at ? _("Not kept since %(time)s.", { time: page.at }) : _("Not kept yet.");
  page.told.trouble(`${since} ${what}`, out);
}

/** Whether the service can be reached and knows who this is, whatever became of keeping. */
async function answers() {
  const slow = new Promise((done) => setTimeout(done, HARDLY));
  return (await Promise.race([look().catch(() => ""), slow])) === "here";
}

/** The button that saves: what was typed is kept first, so that nothing is lost where the service does not answer.
 * Where it answers all but that, saving goes on: it does not depend on keeping. */
async function submitting(page, event) {
  if (page.leaving) return;
  if (!waiting(page) && !page.busy) {
    page.leaving = true;
    return;
  }
  event.preventDefault();
  const { submitter } = event;
  if (page.asking) return;
  let well = await keep(page);
  if (!well && page.told.out) well = await again(page);
  if (!well && !page.over && (page.told.out || (page.failures && !(await answers())))) return;
  if (page.leaving) return;
  clearTimeout(page.timer);
  page.leaving = true;
  page.form.requestSubmit(submitter);
}
