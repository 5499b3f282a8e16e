"""Working days by nation, and the dates that deadlines fall on.

This room exists so that every count of days in Trefoil (expressions, deadlines, what a page says is overdue)
comes from one table. It must not know workflows, cases, the clock or the network: the bank holidays are those
that come with the installed libraries, and today is always an argument.
"""

from engine.calendars.bank_holidays import NATIONS, UnknownNation
from engine.calendars.deadlines import DueDate, Pause, due, explain
from engine.calendars.working import Calendar, calendar

__all__ = ["NATIONS", "Calendar", "DueDate", "Pause", "UnknownNation", "calendar", "due", "explain"]
