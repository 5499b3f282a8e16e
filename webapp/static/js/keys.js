// Makes a form quick to fill in by keyboard, and a whole date one paste. Everything works without it.
//
// Ctrl and Enter saves and goes on. Ctrl and an arrow goes to the next question or the one before. Among choices a
// letter goes to the next that begins with it. No key that types or moves within a field means anything else there.

import { inBoxes } from "./reading.js";

/** Listens on a form; `today` is the day that the server goes by, for dates typed as "yesterday". */
export function start(form, today) {
  form.addEventListener("keydown", (event) => pressed(form, event));
  document.addEventListener("keydown", (event) => begun(form, event));
  form.addEventListener("paste", (event) => pasted(event, today));
  form.addEventListener("change", (event) => split(event.target, event.target.value, today));
  for (const told of document.querySelectorAll("[data-keys]")) told.hidden = false;
}

/** On a page just opened, where nothing is held yet, Ctrl and the down arrow goes to the first question. */
function begun(form, event) {
  const down = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key === "ArrowDown";
  const first = down && event.target === document.body ? stops(form)[0] : null;
  if (!first) return;
  first.focus();
  event.preventDefault();
}

function pressed(form, event) {
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key === "Enter") {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[data-continue]") ?? undefined);
  } else if (control && !event.shiftKey && !event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    if (event.target instanceof HTMLSelectElement) return;
    if (go(form, event.target, event.key === "ArrowDown")) event.preventDefault();
  } else if (!control && !event.altKey && /^[\p{L}\p{N}]$/u.test(event.key) && /^(?:radio|checkbox)$/.test(event.target.type)) {
    if (seek(event.target, event.key)) event.preventDefault();
  }
}

/** The first control of each question that stands on the page, in order, and the button that goes on. */
function stops(form) {
  const found = [];
  for (const box of form.querySelectorAll("[data-path]")) {
    const kind = box.dataset.type;
    if (kind === "grid" || kind === "section" || box.closest("[hidden]")) continue;
    const inside = kind === "repeat"
      ? [...box.querySelectorAll("button[name='row.add']")]
      : [...box.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((one) => one.name.startsWith("a.") || one.type === "file");
    const first = inside.find((one) => one.checked) ?? inside[0];
    if (first && first.getClientRects().length) found.push(first);
  }
  const last = form.querySelector("button[data-continue]");
  return inOrder(last ? [...found, last] : found);
}

const inOrder = (found) =>
  found.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));

function go(form, from, forward) {
  const all = stops(form);
  const question = (one) => one.closest("[data-path]") ?? one;
  const here = question(from);
  const after = (one) => here.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING && !here.contains(one);
  const before = (one) => here.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING && !here.contains(one);
  const to = forward ? all.find(after) : all.filter(before).pop();
  to?.focus();
  return Boolean(to);
}

/** Goes to the next choice of the same question whose words begin with this letter. */
function seek(from, letter) {
  const group = [...from.form.elements].filter((one) => one.name === from.name && one.type === from.type);
  const at = group.indexOf(from);
  const wanted = letter.toLocaleLowerCase();
  const found = [...group.slice(at + 1), ...group.slice(0, at)].find((one) =>
    one.getClientRects().length && (one.labels?.[0]?.textContent.trim().toLocaleLowerCase() ?? "").startsWith(wanted),
  );
  found?.focus();
  return Boolean(found);
}

function boxes(input) {
  if (!(input instanceof HTMLInputElement) || !/\.day$/.test(input.name)) return null;
  const all = ["day", "month", "year"].map((part) => input.form?.elements.namedItem(input.name.replace(/day$/, part)));
  return all.every((one) => one instanceof HTMLInputElement) ? all : null;
}

/** A whole date in the first box is put into all three. What is no date stays as it was typed. */
function split(input, text, today) {
  const all = boxes(input);
  if (!all || /^\s*\d{0,2}\s*$/.test(text) || all.slice(1).some((one) => one.value.trim() && one.value !== one.defaultValue)) return false;
  const found = inBoxes(text, today);
  if (!found) return false;
  all.forEach((one, at) => {
    one.value = found[at];
    one.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return true;
}

function pasted(event, today) {
  const input = event.target;
  const all = boxes(input);
  if (!all || !split(input, event.clipboardData?.getData("text") ?? "", today)) return;
  event.preventDefault();
  all[2].focus();
}
