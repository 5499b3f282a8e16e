// Saves a form while people type, and follows its conditions. The page works without either: the
// server decides again on every save. A page has one script, with what every page has: were that loaded apart, it would
// be there twice once each is put together into one file.
import "./start.js";

const typed = document.querySelector("form[data-submission]");
if (typed) import("./autosave.js").then((autosave) => autosave.start(typed));

const description = document.getElementById("form-description");
const filledIn = document.querySelector("form[data-form]");
if (filledIn) {
  const today = description ? JSON.parse(description.textContent).today : undefined;
  import("./keys.js").then((keys) => keys.start(filledIn, today));
}
if (description) {
  import("./logic.js")
    .then((logic) => logic.start(document, JSON.parse(description.textContent)))
    .catch(() => {
      for (const mark of document.querySelectorAll("input[name='script']")) {
        mark.value = "";
      }
    });
}
