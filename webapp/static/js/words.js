// What scripts say, in the language of the page. English is written where it is said; where the page speaks another
// language, it carries what its scripts may say in a data block.

let said;

/** The message in the language of the page, its `%(name)s` filled in from `words`. */
export function _(message, words = {}) {
  said ??= JSON.parse(globalThis.document?.getElementById("words")?.textContent ?? "{}");
  return (said[message] ?? message).replace(/%\((\w+)\)s/g, (whole, name) => String(words[name] ?? whole));
}
