// Says beside a form's buttons what became of what is typed in it: to be read at once, and told politely to those who
// listen.

import { _ } from "./words.js";

const QUIET = 60_000;

/** Where a form says it. `say` what is well, `trouble` what is not, and where it can be mended by signing in again. */
export function beside(form) {
  const box = element("div", "trefoil-saved trefoil-noprint");
  const seen = element("p", "trefoil-saved__words govuk-body");
  const aloud = element("p", "govuk-visually-hidden");
  aloud.setAttribute("role", "status");
  seen.setAttribute("aria-hidden", "true");
  const again = button(_("Sign in again"), "button");
  again.hidden = true;
  box.append(seen, aloud, again);
  const buttons =
    form.querySelector(":scope > .govuk-button-group:last-of-type") ??
    form.querySelector(":scope > .govuk-button:last-of-type");
  buttons ? buttons.before(box) : form.append(box);
  let spoken = 0;
  let wasTrouble = false;

  /** To those who listen: at most once a minute, but trouble, and its end, at once. */
  function speak(words, trouble) {
    const now = Date.now();
    const same = aloud.textContent === words;
    if (same || (!trouble && !wasTrouble && now - spoken < QUIET)) return;
    wasTrouble = trouble;
    spoken = now;
    aloud.textContent = words;
  }

  return {
    box,
    again,
    out: false,
    quietly(words) {
      seen.textContent = words;
    },
    say(words) {
      box.classList.remove("trefoil-saved--trouble");
      again.hidden = true;
      this.out = false;
      seen.textContent = words;
      speak(words, false);
    },
    trouble(words, out = this.out) {
      this.out = out;
      again.hidden = !out;
      box.classList.add("trefoil-saved--trouble");
      seen.textContent = words;
      speak(words, true);
    },
  };
}

export function button(words, type) {
  const made = element("button", "govuk-button govuk-button--secondary trefoil-saved__press");
  made.type = type;
  made.textContent = words;
  return made;
}

export function element(name, className) {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
