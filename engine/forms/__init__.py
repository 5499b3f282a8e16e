"""Forms: what is shown, required, calculated and wrong, for one set of answers.

Pure: no database, no clock, no page. Knows nothing of workflows.
"""

from engine.forms.compiled import CompiledForm, compile
from engine.forms.entry import Entry
from engine.forms.evaluation import Evaluation
from engine.forms.kept import restored, written
from engine.forms.summary import SectionSummary, SummaryItem, summarise

__all__ = [
    "CompiledForm",
    "Entry",
    "Evaluation",
    "SectionSummary",
    "SummaryItem",
    "compile",
    "restored",
    "summarise",
    "written",
]
