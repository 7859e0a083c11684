"""kb new: the beginning of a cause, a rule, a question … in its place in a folder.

Skeletons are templates of reports/workbench, in the language of the trainer. Nothing
that exists is overwritten: an entry goes to the end of its list.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from salesdx.content import content, did_you_mean
from salesdx.errors import Said, UsageError, hinted
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Language
from salesdx.workbench.inserting import create
from salesdx.workbench.schema import FOLDER, PLACES, write_schemas
from salesdx.workbench.skeleton_causes import added_rule, cause
from salesdx.workbench.skeleton_desk import Desk, Made, Wanted, templates
from salesdx.workbench.skeleton_entries import benchmark, question, remedy, symptom

MAKERS: Mapping[str, Callable[[Desk], Made]] = {
    "cause": cause,
    "rule": added_rule,
    "question": question,
    "remedy": remedy,
    "metric-benchmark": benchmark,
    "symptom": symptom,
}


def new(wanted: Wanted, folder: Path, knowledge: KnowledgeBase) -> Made:
    """Write the skeleton into `folder`; `knowledge` is the shipped one with it.

    Raises:
        UsageError: the id does not fit, is taken, or names what does not exist.
        KnowledgeError: the file that takes the entry cannot be read.
        OSError: the folder cannot be written.
    """
    maker = MAKERS.get(wanted.kind)
    if maker is None:
        none = Said(f"no kind {wanted.kind!r}", f"нет вида «{wanted.kind}»")
        many = ", ".join(MAKERS)
        hint = did_you_mean(wanted.kind, MAKERS) or Said(
            f"one of {many}", f"есть {many}"
        )
        raise UsageError(hinted(none, hint))
    if folder.resolve() == content("knowledge_base").resolve():
        raise UsageError(Said(
            f"{folder} is the shipped knowledge; choose a folder of your own, "
            "--kb my-knowledge",
            f"{folder} — поставляемая база; заведите свою папку: --kb my-knowledge",
        ))  # fmt: skip
    made = maker(Desk(wanted, folder, knowledge))
    _furnish(folder, wanted.lang, knowledge)
    return made


def _furnish(folder: Path, lang: Language, knowledge: KnowledgeBase) -> None:
    """The schemas and the note that a new folder should have."""
    if not (folder / FOLDER).exists():
        write_schemas(folder / FOLDER, lang, knowledge, PLACES)
    note = folder / "README.md"
    if not note.exists():
        template = templates().get_template(f"readme.{lang}.md.j2")
        create(note, template.render(folder=folder.as_posix()))
