// Follows a form's conditions while people type. The page works without it: the server decides again on every save.
const description = document.getElementById("form-description");
if (description) {
  import("./logic.js")
    .then((logic) => logic.start(document, JSON.parse(description.textContent)))
    .catch(() => {
      for (const mark of document.querySelectorAll("input[name='script']")) {
        mark.value = "";
      }
    });
}
