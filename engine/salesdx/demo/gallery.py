"""Five made-up companies, diagnosed and reported, and a page that shows them."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from salesdx import runs
from salesdx.analysis import Analysis, analyse
from salesdx.compare import compare
from salesdx.demo import firm_files
from salesdx.demo.case_files import yaml_text
from salesdx.demo.examples import WHOLESALER, Example, examples
from salesdx.demo.gallery_page import Shown, index_page
from salesdx.demo.writing import write_demo, write_last_run
from salesdx.language import Language
from salesdx.render import FORMATS, Audience, edition_for, printed

PRINTED = ("html", "pdf", "docx", "xlsx")
Analyse = Callable[[Path], Analysis]
Step = Callable[[str, int, int], None]


def _unheard(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Made:
    """One company of the gallery: where it lies, and what came out."""

    example: Example
    analysis: Analysis
    files: tuple[Path, ...]


def make_gallery(
    folder: Path, lang: Language, judge: Analyse = analyse, told: Step = _unheard,
    shown: Sequence[Example] | None = None,
) -> list[Made]:  # fmt: skip
    """Write the cases, their reports and index.html into a folder.

    `told` hears the name of each company before its turn, how many are done, and of
    how many.
    """
    wanted = examples() if shown is None else shown
    found: list[Made] = []
    for example in wanted:
        told(example.text("kind").in_(lang), len(found), len(wanted))
        case = write_case(example, folder / example.id, lang, judge)
        analysis = judge(case)
        files = tuple(_reports(example, analysis, case, lang))
        found.append(Made(example, analysis, files))
    cards = [Shown(m.example, m.analysis.document, m.files) for m in found]
    (folder / "index.html").write_text(index_page(cards, folder, lang), "utf-8")
    return found


def write_case(
    example: Example, case: Path, lang: Language, judge: Analyse = analyse
) -> Path:
    """The case folder of a company, with the result of its last run if it had one."""
    if example.id != WHOLESALER:
        return firm_files.write(example.spec, case, names=example.names(lang))
    write_demo(case, language=lang)
    with tempfile.TemporaryDirectory(prefix="salesdx-") as temporary:
        before = judge(write_last_run(Path(temporary) / WHOLESALER, language=lang))
        runs.save(before.document, case / "results")
    plan = example.names(lang).within(example.spec["last_run"]["plan"])
    edits = yaml_text({"format": 1, "actions": plan})
    (case / "plan.yaml").write_text(edits, encoding="utf-8")
    return case


def _reports(
    example: Example, analysis: Analysis, case: Path, lang: Language
) -> Iterator[Path]:
    """Every edition in every format."""
    document = analysis.document
    then = runs.before(document, case / "results")
    since = compare(then, document, analysis.knowledge) if then else None
    reports = case / "reports"
    reports.mkdir(exist_ok=True)
    editions: list[Audience] = example.spec["editions"]
    for audience in editions:
        edition = edition_for(document, lang, audience, since=since)
        for name in PRINTED:
            path = reports / f"report-{audience}-{lang}{FORMATS[name].suffix}"
            path.write_bytes(printed(edition, name))
            yield path
