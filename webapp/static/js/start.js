// Starts what the pages' components need. Everything on a page works without it.
import { initAll } from "../vendor/govuk/govuk-frontend.min.js";

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
