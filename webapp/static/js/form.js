// Follows a form's conditions while people type. The page works without it: the server decides again on every save.
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
