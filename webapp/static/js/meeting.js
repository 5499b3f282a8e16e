// A meeting's lines go to the server without the page being drawn anew, and what others note appears. Everything here
// can be done without it: each button posts its form.
import "./start.js";

const REGIONS = ["meeting-last", "meeting-places", "meeting-agreed", "meeting-taken", "meeting-here"];
const EVERY = 30000;
const said = document.getElementById("meeting-said");
const note = document.querySelector("[data-note]");
const line = document.getElementById("line");
let sending = 0;

function say(text) {
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = text; });
}

// Takes over what a new page shows. Boxes in which somebody types are never touched.
function takeOver(page) {
  for (const id of REGIONS) {
    const here = document.getElementById(id);
    const there = page.getElementById(id);
    if (here && there && here.innerHTML !== there.innerHTML && !here.contains(document.activeElement)) {
      here.innerHTML = there.innerHTML;
    }
  }
  nothingWrongAnyMore();
  const send = page.getElementById("meeting-send");
  if (send) {
    document.getElementById("meeting-send").textContent = send.textContent;
  }
  const fresh = page.querySelector('[data-note] input[name="at"]');
  for (const form of document.querySelectorAll("form[data-meeting]")) {
    form.elements.at.value = fresh.value;
  }
}

// What a page drawn with a fault still says of it is over once the server has taken something.
function nothingWrongAnyMore() {
  const summary = document.querySelector(".govuk-error-summary");
  if (!summary) {
    return;
  }
  summary.remove();
  for (const one of document.querySelectorAll(".govuk-error-message")) {
    for (const box of document.querySelectorAll(`[aria-describedby~="${one.id}"]`)) {
      const rest = box.getAttribute("aria-describedby").split(" ").filter((id) => id !== one.id).join(" ");
      box[rest ? "setAttribute" : "removeAttribute"]("aria-describedby", rest);
    }
    one.remove();
  }
  for (const name of ["govuk-form-group--error", "govuk-input--error"]) {
    for (const one of document.querySelectorAll(`.${name}`)) {
      one.classList.remove(name);
    }
  }
}

function isTheMeeting(page) {
  return page.querySelector("[data-note]") && !page.querySelector(".govuk-error-summary");
}

// One line is one act, however often it is sent.
function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

function put(typed) {
  for (const [box, value] of typed) {
    box.value = box.value && box.value !== value ? `${value} ${box.value}` : value;
  }
}

async function send(form, button, body, typed) {
  sending += 1;
  try {
    const answer = await fetch(location.pathname, { method: "POST", body, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !isTheMeeting(page)) {
      // The server has something to say that a page says best: what was wrong, or that somebody has to sign in again.
      put(typed);
      form.dataset.plain = "yes";
      form.requestSubmit(button);
      return;
    }
    takeOver(page);
    document.title = page.title;
    const says = page.querySelector("#meeting-last [data-says]");
    if (form === note && says) {
      say(says.dataset.says);
    }
  } catch {
    put(typed);
    say(note.dataset.lost);
  } finally {
    sending -= 1;
  }
}

// What is typed while a line is on its way follows it: the box is free at once, and nothing overtakes.
let queue = Promise.resolve();
for (const form of document.querySelectorAll("form[data-meeting]")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (form.dataset.plain || (button && button.name === "speak")) {
      return;
    }
    event.preventDefault();
    const body = new FormData(form);
    body.set("key", freshKey());
    if (button && button.name) {
      body.set(button.name, button.value);
    }
    const typed = [...form.querySelectorAll("input[type=text], select")].map((one) => [one, one.value]);
    for (const [box] of typed) {
      box.value = "";
    }
    typed[0][0].focus();
    // Where the line goes by itself is known once the one before it is there.
    queue = queue.then(() => {
      body.set("at", form.elements.at.value);
      return send(form, button, body, typed);
    });
  });
}

// Enter presses the form's own button, and never one that stands before it on the page and belongs to it.
document.addEventListener("keydown", (event) => {
  const form = event.target.matches?.("form[data-meeting] input") && event.target.form;
  if (form && event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button"));
  }
});

document.addEventListener("keydown", (event) => {
  const digit = /^Digit([1-9])$/.exec(event.code);
  if (!digit || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  const button = note.querySelector(`[data-key="${digit[1]}"]`);
  if (!button) {
    return;
  }
  event.preventDefault();
  if (line.value.trim()) {
    note.requestSubmit(button);
  } else {
    line.focus();
  }
});

setInterval(async () => {
  if (sending || document.hidden) {
    return;
  }
  try {
    const answer = await fetch(location.pathname, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && isTheMeeting(page) && !sending) {
      for (const id of REGIONS.slice(1)) {
        const here = document.getElementById(id);
        const there = page.getElementById(id);
        if (here && there && here.innerHTML !== there.innerHTML && !here.contains(document.activeElement)) {
          here.innerHTML = there.innerHTML;
        }
      }
    }
  } catch {
    // The next line that is sent says so.
  }
}, EVERY);
