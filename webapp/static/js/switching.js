// Switching the language takes along what stands in every box of the page, not only those of its first form.

const button = document.querySelector("button[data-switch]");
const form = document.getElementById("tongue-form");
const NEVER = new Set(["password", "file", "submit", "button", "image", "reset"]);
const SKIPPED = new Set(["csrf_token", "_who", "next", "speak"]);

/** What one control would send, as the texts of its name. */
function sent(control) {
  if (NEVER.has(control.type) || (["checkbox", "radio"].includes(control.type) && !control.checked)) return [];
  if (control.tagName === "SELECT") return [...control.selectedOptions].map((one) => one.value);
  return [control.value];
}

if (button && form) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    for (const control of document.querySelectorAll("main :is(input, textarea, select)[name]")) {
      if (SKIPPED.has(control.name)) continue;
      for (const text of sent(control)) add(control.name, text);
    }
    add(button.name, button.value);
    form.submit();
  });
}

function add(name, text) {
  const box = document.createElement("textarea");
  box.name = name;
  box.value = text;
  box.hidden = true;
  form.append(box);
}
