"""Codes W6xx, workflows that could strand a case. Data only."""

from __future__ import annotations

from engine.language.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "W601",
        "State that no case reaches",
        "No case can ever come to ‘{state}’: {why}.",
        "Let a transition from a state that cases do reach lead to ‘{state}’, or take it out.",
    ),
    Code(
        "W602",
        "Workflow that never ends",
        "The workflow ‘{workflow}’ has no final state, so none of its cases can ever close.",
        "Write ‘final: yes’ on the state in which the work is over, or add one.",
    ),
    Code(
        "W603",
        "Dead end",
        "Nothing leads out of ‘{state}’, and it is not final: a case that comes here stays for ever.",
        "Add a transition from ‘{state}’, or write ‘final: yes’ on it.",
    ),
    Code(
        "W604",
        "No way to an end",
        "From ‘{state}’ no final state can be reached: a case here moves on and on and never closes.",
        "Add a transition to a final state from one of: {among}.",
    ),
    Code(
        "W605",
        "Way out of a closed case",
        "‘{state}’ is final, and ‘{transition}’ leads out of it without opening the case again.",
        "Write ‘reopen: yes’ on ‘{transition}’, or take ‘{state}’ out of its ‘from’.",
    ),
    Code(
        "W606",
        "Opens again what is not closed",
        "‘{transition}’ says ‘reopen: yes’, and it starts from ‘{state}’, which is not final.",
        "Take ‘reopen’ out, or let ‘{transition}’ start from final states only.",
    ),
    Code(
        "W607",
        "Automatic loop",
        "These automatic transitions can go round for ever: {circle}.",
        "Let a person fire one of them, or give them conditions that cannot all hold at once.",
    ),
    Code(
        "W608",
        "Automatic, yet it needs a person",
        "‘{transition}’ is automatic, so nobody fires it, and ‘{setting}’ needs somebody who does.",
        "Take out ‘{setting}’, or ‘automatic: yes’.",
    ),
    Code(
        "W609",
        "State and transition of one name",
        "‘{id}’ is both a state and a transition of ‘{workflow}’.",
        "Give one of them another id; states are often nouns (‘decision’), transitions verbs (‘decide’).",
    ),
    Code(
        "W610",
        "Second ‘otherwise’",
        "‘{transition}’ has more than one ‘otherwise’; only one can be what happens when nothing else holds.",
        "Keep one ‘otherwise’, and write ‘when: … to: …’ for the others.",
    ),
    Code(
        "W611",
        "‘otherwise’ before the last branch",
        "In ‘{transition}’ the ‘otherwise’ does not stand last, so the branches after it look as if they counted.",
        "Move ‘otherwise’ to the end of the branches.",
    ),
    Code(
        "W612",
        "Automatic transition that never has its turn",
        "‘{transition}’ can never happen: ‘{first}’ stands before it, has no condition and leaves ‘{state}’ at once.",
        "Give ‘{first}’ a ‘when’, or put ‘{transition}’ before it, or take one of them out.",
    ),
    Code(
        "W613",
        "Sent back without saying that a reason is asked for",
        "‘{transition}’ returns a form, which always asks for a reason, and it does not say so.",
        "Add ‘reason: required’, so that whoever reads this knows.",
        severity="warning",
    ),
    Code(
        "W614",
        "Four eyes on nothing",
        "‘{transition}’ says ‘four_eyes: yes’ and decides on no form, so there is nobody it could refuse.",
        "Add ‘approve: [FORM]’ or ‘return: [FORM]’, or take ‘four_eyes’ out.",
    ),
    Code(
        "W615",
        "Automatic transition to its own state",
        "‘{transition}’ is automatic and leads from ‘{state}’ to ‘{state}’, which would never end.",
        "Let it lead to another state, or let a person fire it.",
    ),
    Code(
        "W616",
        "Task for a role that is not let in",
        "The task ‘{task}’ is for ‘{role}’, and no access rule lets that role see a {record}.",
        "Add an access rule for ‘{role}’ and {record}, or give the task to another role.",
        severity="warning",
    ),
    Code(
        "W617",
        "Transition that nobody may fire",
        "‘{transition}’ is for {roles}, and no access rule lets them decide on a {record}.",
        "Add ‘decide’ under ‘may’ of an access rule for one of these roles and {record}.",
        severity="warning",
    ),
    Code(
        "W618",
        "Approved and sent back at once",
        "‘{transition}’ both approves and returns ‘{form}’.",
        "Keep it under ‘approve’ or under ‘return’; make two transitions if people are to choose.",
    ),
    Code(
        "W619",
        "Waits for a form that nobody is given",
        "‘{transition}’ waits for the form ‘{form}’, and no state that a case goes through before offers it.",
        "Add ‘{form}’ to the ‘forms’ of a state, or read a form that is offered. Forms offered: {known}.",
        severity="warning",
    ),
    Code(
        "W620",
        "Closed before it began",
        "The first state, ‘{state}’, is final: every case would be closed as it starts.",
        "Name another state under ‘initial’, or take ‘final’ out of ‘{state}’.",
    ),
    Code(
        "W621",
        "Work in a closed case",
        "‘{state}’ is final, and its ‘{setting}’ would never be done: nothing is due in a closed case.",
        "Take ‘{setting}’ out, or move it to a state before.",
        severity="warning",
    ),
    Code(
        "W622",
        "Condition that never holds",
        "{what} never happens: its condition cannot be true, whatever is answered.",
        "Change the condition, or take it out.",
    ),
    Code(
        "W623",
        "Two ways at once",
        "{first} and {second} can both be so, and a case can only go one way.",
        "Change one of the two conditions so that they cannot both hold.",
    ),
    Code(
        "W624",
        "Gap between branches",
        "‘{transition}’ has no branch for some answers, and no ‘otherwise’: a case with them would be stuck.",
        "Add ‘- {{otherwise: STATE}}’ as the last branch, or a branch for what is missing.",
    ),
    Code(
        "W625",
        "Could not be decided",
        "Whether {what} could not be decided: {why}.",
        "Make the conditions simpler, or add ‘otherwise’. Until then the first in the file wins.",
        severity="warning",
    ),
    Code(
        "W626",
        "State that can strand a case",
        "A case that comes to ‘{state}’ by ‘{way}’ can be stuck there: with some answers nothing leads on, and nothing "
        "that can be done there changes what its ways out ask.",
        "Offer there a form that its ways out read, or add a way out without a condition that somebody can take.",
    ),
    Code(
        "W627",
        "Nobody can end the waiting",
        "A case at ‘{state}’ waits for ‘{workflow}’, and nobody can move it on by hand if that never ends.",
        "Add a transition from ‘{state}’ that somebody can take, with a reason, for when waiting on makes no sense.",
        severity="warning",
    ),
    Code(
        "W628",
        "Decision to share that is not whole",
        "‘share’ does not say {missing}, and a decision to tell another agency is kept with all of it.",
        "Add {settings}.",
    ),
    Code(
        "W630",
        "Standstill after what was decided",
        "A case can come to a standstill at ‘{state}’: what every way out asks of a form is then not so, and cannot "
        "become so there.",
        "Offer that form at ‘{state}’, let the way in lead to a state that offers it, or add a way out that asks for "
        "none.",
    ),
    Code(
        "W631",
        "Refusal that tells who is linked",
        "‘{transition}’ reads ‘record.links’, and the workflow is about a group or place: that it is refused would "
        "tell whether, or how many, people are linked to it.",
        "Ask in a form what the decision rests on, without counting links.",
    ),
    Code(
        "W632",
        "Form that nobody may submit",
        "The workflow ‘{workflow}’ offers {forms} about ‘{record}’, and no access rule lets any role submit "
        "that there.",
        "Add ‘submit’ to what a role may do with ‘{record}’, in access.yaml.",
    ),
    Code(
        "W633",
        "Branch on a question that may not be asked",
        "The branch to ‘{target}’ of ‘{transition}’ waits for “{label}” for ever where that is not asked, and the "
        "branches after it are not tried.",
        "Write ‘{question} is answered and …’, or put first the branch that holds when it is not asked.",
    ),
    Code(
        "W634",
        "Branch on a question that may stay blank",
        "The branch to ‘{target}’ of ‘{transition}’ waits for “{label}” where that was left blank, and nothing "
        "else leads on.",
        "Make it required, or write ‘{question} is answered and …’.",
        severity="advice",
    ),
    Code(
        "W635",
        "Otherwise that is never taken",
        "‘otherwise’ of ‘{transition}’ is never taken: the branches before it cover every answer.",
        "Take out ‘otherwise: {target}’, or the branch before it that it stands for.",
        severity="advice",
    ),
    Code(
        "W636",
        "Workflow that nothing begins",
        "‘{workflow}’ has no ‘start’, and no other workflow starts it: no case of it ever begins.",
        "Write ‘start: {{by: [ROLE], label: …}}’, or start it by an effect of another workflow.",
        severity="warning",
    ),
)
