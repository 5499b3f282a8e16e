"""Choosing from a list: what choose_one and choose_many share.

An option's id is what is stored; people see labels. Must not know how choices are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.language.model import Option, OptionList, Question
from engine.questions import messages
from engine.questions.base import Fault

OTHER = "other"


class Choices:
    """A list made ready for looking up: which ids may be chosen, in what order, under what label."""

    __slots__ = ("labels", "options", "order", "other")

    def __init__(self, options: OptionList | None, language: str = "en", other: bool = True) -> None:
        listed: Sequence[Option] = options.options if options else ()
        self.options = {option.id: option for option in listed}
        allowed = [option.id for option in listed if not option.group and not option.retired]
        self.other = other and options is not None and options.other
        if self.other and OTHER not in allowed:
            allowed.append(OTHER)
        self.order = {option_id: position for position, option_id in enumerate(allowed)}
        self.labels = {option.id: option.label for option in listed}
        if self.other:
            self.labels.setdefault(OTHER, messages.word("Other", language))

    def fault(self, chosen: object, question: Question) -> Fault:
        """Why `chosen` cannot be."""
        option = self.options.get(chosen) if isinstance(chosen, str) else None
        if option is None:
            return Fault("option", messages.say("not_option", question))
        key = "option_retired" if option.retired else "option_group"
        return Fault("option", messages.say(key, question, option=option.label))

    def found(self, text: str) -> str:
        """The id that `text` names: itself if it is one, else the option of that label or former name."""
        if text in self.order:
            return text
        folded = text.casefold()
        for option in self.options.values():
            if option.id in self.order and (
                folded == option.label.casefold() or folded in {alias.casefold() for alias in option.aliases}
            ):
                return option.id
        return text


_KNOWN: dict[tuple[int, bool], tuple[OptionList, Choices]] = {}
_MOST_KNOWN = 1000


def choices(question: Question, lists: Mapping[str, OptionList], other: bool = True) -> Choices:
    """The choices of this question; none if its list is not there. `other`: its ‘other’ may be chosen too."""
    options = lists.get(question.options or "")
    if options is None:
        return Choices(None)
    # By identity: lists never change, and comparing long ones would cost more than it saves. The entry holds its
    # list, so that no other can come to have the same identity.
    known = _KNOWN.get((id(options), other))
    if known is None or known[0] is not options:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[id(options), other] = (options, Choices(options, question.language, other))
    return known[1]
