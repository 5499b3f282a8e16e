// How long the reader of a page stays signed in: says so in time, and lets them sign in again where they are.

import { _ } from "./words.js";

const WARN = 150;
const body = document.body;
const root = document.querySelector("script[src*='/static/']")?.getAttribute("src").split("/static/")[0] ?? "";
const ASKS = { Accept: "application/json" };

let over = Infinity;
let timer;
let open = null;
let asking = null;
const unsaved = [];

/** The sealed note of whose page this is. */
export const who = document.querySelector("input[name='_who']")?.value ?? "";

/** Registers what tells whether something on the page is not saved yet. */
export function watch(tell) {
  unsaved.push(tell);
}

/** Takes what a reply says of the session: its end, and the token for the next post. */
export function heard(told) {
  if (told.csrf) {
    for (const field of document.querySelectorAll("input[name='csrf_token']")) field.value = told.csrf;
  }
  if (typeof told.ends_in === "number") {
    over = Date.now() + told.ends_in * 1000;
    plan();
  }
}

export const token = () => document.querySelector("input[name='csrf_token']")?.value ?? "";

/** What the server says of the session, without prolonging it; throws where it cannot be reached. */
export async function look() {
  const reply = await fetch(`${root}/session`, { headers: { ...ASKS, "X-Who": who }, cache: "no-store" });
  if (!reply.ok) throw new Error(String(reply.status));
  const told = await reply.json();
  heard(told);
  return told.state;
}

async function post(path, fields) {
  const data = new URLSearchParams({ ...fields, _who: who, csrf_token: token() });
  const reply = await fetch(root + path, { method: "POST", body: data, headers: ASKS });
  return reply.json();
}

function plan() {
  clearTimeout(timer);
  // A timer's longest wait is 24 days; nobody stays signed in for that long.
  timer = setTimeout(due, Math.max(1000, over - Date.now() - WARN * 1000));
}

async function due() {
  let state;
  try {
    state = await look();
  } catch {
    // Not to be reached: whatever the page holds is told of elsewhere.
    timer = setTimeout(due, 30_000);
    return;
  }
  const left = (over - Date.now()) / 1000;
  if (state !== "here") await ended();
  else if (left <= WARN + 1) await warn(left);
}

async function warn(left) {
  clearTimeout(timer);
  timer = setTimeout(due, left * 1000 + 1500);
  const minutes = Math.max(1, Math.floor(left / 60));
  const stay = await ask({
    title: _("You will be signed out soon"),
    lines: [
      _("Nothing has happened here for a while. In about %(minutes)s minutes you will be signed out.", { minutes }),
    ],
    go: _("Stay signed in"),
  });
  if (stay === null) return;
  try {
    const told = await post("/session", {});
    if (told.state === "here") heard(told);
    else await ended();
    if (told.ends_in < WARN) {
      await ask({
        title: _("You have been signed in for long"),
        lines: [_("You will be asked to sign in again shortly. Everything you typed stays where it is.")],
        go: _("Go on"),
      });
    }
  } catch {
    timer = setTimeout(due, 5000);
  }
}

/** The session is over. What is not saved stays, to be saved after signing in; else the page is put away. */
async function ended() {
  if (unsaved.length ? unsaved.some((tell) => tell()) : typed()) {
    await signInAgain();
    return;
  }
  const here = location.pathname + location.search;
  location.replace(`${root}/sign-in?ended=yes&next=${encodeURIComponent(here.slice(root.length))}`);
}

/** Whether anything was typed on the page that its server has not seen. */
export function typed(where = "main textarea, main input") {
  return [...document.querySelectorAll(where)].some((one) =>
    one.type === "checkbox" || one.type === "radio"
      ? one.checked !== one.defaultChecked
      : one.type !== "hidden" && one.value !== one.defaultValue,
  );
}

/** Asks to sign in again, here; true once the same person has. Going back to typing is false. `what` comes of it. */
export function signInAgain(what) {
  asking ??= signingIn(what).finally(() => {
    asking = null;
  });
  return asking;
}

async function signingIn(what) {
  let said = "";
  // They may have signed in again in another tab.
  if ((await look().catch(() => "")) === "here") return true;
  for (;;) {
    const fields = await ask({
      title: _("Sign in again to save"),
      lines: [
        what ?? _("You have been signed out. What you typed is still here, and is saved as soon as you sign in."),
      ],
      said,
      inputs: [
        ["sign_in", _("Name you sign in with"), "text", "username"],
        ["password", _("Password"), "password", "current-password"],
      ],
      go: _("Sign in and go on"),
      back: _("Go back to typing"),
    });
    if (fields === null) return false;
    try {
      // The token in the page may be of the session that is over.
      await look();
      const told = await post("/session/again", fields);
      heard(told);
      if (told.state === "here") return true;
      said = told.said ?? _("That did not work. Try again.");
    } catch {
      said = _("The service cannot be reached. Try again in a moment.");
    }
  }
}

/** A dialog: resolves to what was typed in it, or to null where it was left. Only one is open at a time. */
function ask({ title, lines, said = "", inputs = [], go, back = "" }) {
  open?.close();
  const box = element("dialog", { class: "trefoil-dialog", "aria-labelledby": "dialog-title" });
  const form = element("form", { method: "dialog", autocomplete: "on" });
  form.append(element("h2", { class: "govuk-heading-m", id: "dialog-title" }, title));
  for (const line of lines) form.append(element("p", { class: "govuk-body" }, line));
  if (said) {
    form.append(element("p", { class: "govuk-error-message", id: "dialog-said", role: "alert" }, said));
  }
  for (const [name, label, type, autocomplete] of inputs) {
    const group = element("div", { class: "govuk-form-group" });
    group.append(
      element("label", { class: "govuk-label", for: `dialog-${name}` }, label),
      element("input", { class: "govuk-input", id: `dialog-${name}`, name, type, autocomplete }),
    );
    form.append(group);
  }
  const buttons = element("div", { class: "govuk-button-group" });
  buttons.append(element("button", { class: "govuk-button", value: "go" }, go));
  if (back) {
    const leave = element("button", { class: "govuk-button govuk-button--secondary", type: "button" }, back);
    leave.addEventListener("click", () => box.close());
    buttons.append(leave);
  }
  form.append(buttons);
  box.append(form);
  body.append(box);
  const before = document.activeElement;
  return new Promise((done) => {
    open = box;
    box.addEventListener("close", () => {
      // Without anything to fill in, leaving it is the same as its one button.
      const gone = box.returnValue === "go" || !inputs.length ? Object.fromEntries(new FormData(form)) : null;
      box.remove();
      if (open === box) open = null;
      before?.focus?.();
      done(gone);
    });
    box.showModal();
    (form.querySelector("input") ?? form.querySelector("button")).focus();
  });
}

function element(name, attributes, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

if (who && body.dataset.endsIn) {
  heard({ ends_in: Number(body.dataset.endsIn) });
  const again = () => {
    if (!document.hidden && over - Date.now() < WARN * 1000 && !open) due();
  };
  document.addEventListener("visibilitychange", again);
  addEventListener("pageshow", (event) => event.persisted && due());
}
