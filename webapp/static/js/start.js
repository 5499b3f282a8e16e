// Starts what the pages' components need. Everything on a page works without it.
import "./switching.js";
import { initAll } from "../vendor/govuk/govuk-frontend.min.js";
import { typed } from "./session.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// Tells the server that conditions were followed while typing, so that it need not show what was already seen.
for (const mark of document.querySelectorAll("input[name='script']")) {
  mark.value = "on";
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A text that is to be pasted elsewhere is copied by one button; without script it is chosen by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = document.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    said.textContent = button.dataset.done;
  });
}

// What is typed where a button saves it is kept for its writer as it is typed.
const kept = document.querySelectorAll("input[data-unsaved]");
if (kept.length) import("./unsaved.js").then((unsaved) => kept.forEach((one) => unsaved.start(one)));

// On every other page it stands only there until a button is pressed: closing it warns. A form that saves itself sees to
// that by itself.
if (!kept.length && !document.querySelector("form[data-submission]")) {
  let leaving = false;
  // A script may send a form itself: then the page stays.
  document.addEventListener("submit", (event) => (leaving = !event.defaultPrevented));
  document.querySelector("button[data-switch]")?.addEventListener("click", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("beforeunload", (event) => {
    if (!leaving && typed("main form[method='post'] :is(textarea, input[type='text'])")) event.preventDefault();
  });
}
