"""Try a look on: every template is filled, and every format can be drawn."""

from collections.abc import Iterator, Sequence

from salesdx.errors import KnowledgeError, Problem
from salesdx.knowledge.worksheets import ReadyWorksheet
from salesdx.language import LANGUAGES
from salesdx.render.look import Look
from salesdx.render.worksheets.sheet import Desk
from salesdx.render.worksheets.template import fill
from salesdx.result import ResultDocument


def try_on(
    look: Look, samples: Sequence[ResultDocument], sheets: dict[str, ReadyWorksheet]
) -> Iterator[Problem]:
    """Faults of own sections and worksheets over cases of which little or all is known.

    A fault in a branch that the consultant's own case never takes shows here.
    """
    for lang in LANGUAGES:
        for sample in samples:
            desk = Desk(sample, sheets, lang, look)
            names = desk.view.names(())
            for section in look.sections:
                try:
                    fill(section.templates[lang], names, lang)
                except KnowledgeError as error:
                    yield from error.problems
            for name in look.worksheets:
                try:
                    desk.markdown(name)
                except KnowledgeError as error:
                    yield from error.problems
