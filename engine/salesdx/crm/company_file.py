"""company.yaml of a case folder: read with every fault located, or written anew."""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from salesdx import content
from salesdx.company import Company, Funnel
from salesdx.errors import DataError, Problem, Said, UsageError, reason_of

COMPANY_FILE = "company.yaml"
_TEMPLATE = """\
# Who the company is and how its funnel runs. Only format and name are required.
# О компании и её воронке. Обязательны только format и name.
format: 1
name: {name}
currency: RUB                  # of all amounts / валюта всех сумм
timezone: Europe/Moscow        # of times without a zone / для времени без пояса
working_hours:
  {{days: [mon, tue, wed, thu, fri], from: "09:00", to: "18:00", holidays: RU}}
# as_of: 2026-06-30            # look back from this day; default: newest plausible date
#                              # дата, на которую смотрим; иначе - последняя в данных
# sales_model: b2b             # b2b | b2c
#
# The funnel: entry event, stages in order, reference days, the main stage.
# Воронка: что считаем входом, этапы по порядку, нормативный срок, главный этап.
# funnels:
#   - id: main
#     entry: first meeting held
#     stages:
#       - {{id: new, reference_days: 5}}
#       - {{id: meeting}}
#       - {{id: proposal}}
#       - {{id: contract}}
#     main_stage: proposal
#
# Your words for lost deals -> our codes / ваши причины отказа -> наши коды:
# price, competitor, no_decision, not_available, no_need, timing, quality, service,
# conflict, moved, closed_business, manager_changed, other
# lost_reasons: {{"Дорого": price, "Нет в наличии": not_available}}
#
# Who answers the questions / кто отвечает на вопросы:
# respondents:
#   head: {{role: head_of_sales}}
#   seller-1: {{role: seller, manager: M7}}
"""


def load_company(folder: Path) -> Company:
    """Read company.yaml of a case folder.

    Raises:
        DataError: the folder or the file is missing, or fields are wrong; all faults
            at once, each with line and column.
    """
    path = folder / COMPANY_FILE
    if not path.is_file():
        raise DataError(
            Said(
                f"{path}: no such file; a case needs company.yaml with at least format"
                f" and name: run `salesdx init {folder}`",
                f"{path}: нет такого файла; разбору нужен company.yaml хотя бы с format"
                f" и name: выполните `salesdx init {folder}`",
            )
        )
    text, problems = content.text_of(path, str(path))
    return understood(text, str(path), problems)


def understood(
    text: str | None, path: str, problems: Sequence[Problem] = ()
) -> Company:
    """The company that the text of a company.yaml describes; `path` is for messages.

    Raises:
        DataError: fields are wrong; all faults at once, each with line and column.
    """
    document, company, problems = None, None, list(problems)
    if text is not None:
        document, problems = content.parse(text, path)
    if document is not None:
        company, problems = content.validate(Company, document)
        if company is not None:
            problems = list(_meaning(company, document))
    if company is None or problems:
        raise DataError(
            Said(
                f"{path}: the company cannot be read; mend the lines below (`salesdx"
                " init` in an empty folder writes a commented example)",
                f"{path}: описание компании не читается; исправьте строки ниже"
                " (`salesdx init` в пустой папке создаст пример с пояснениями)",
            ),
            problems,
        )
    return company


def _meaning(company: Company, document: content.Document) -> list[Problem]:
    """Faults that a single field cannot show."""
    found = []
    try:
        ZoneInfo(company.timezone)
    except (ValueError, OSError, KeyError):
        zone = company.timezone
        what = Said(f"{zone!r} is not a time zone", f"нет часового пояса «{zone}»")
        hint = Said("for example Europe/Moscow", "например, Europe/Moscow")
        found.append(document.problem(("timezone",), "schema", what, hint))
    ids = [f.id for f in company.funnels]
    for place, funnel in enumerate(company.funnels):
        path = ("funnels", place)
        if funnel.id in ids[:place]:
            what = Said(
                f"the funnel {funnel.id!r} stands twice",
                f"воронка «{funnel.id}» указана дважды",
            )
            found.append(document.problem((*path, "id"), "schema", what))
        found += _stages(funnel, document, path)
    return found


def _stages(
    funnel: Funnel, document: content.Document, path: tuple[str | int, ...]
) -> list[Problem]:
    stages = [s.id for s in funnel.stages]
    found = []
    for place, stage in enumerate(stages):
        if stage in stages[:place]:
            what = Said(
                f"the stage {stage!r} stands twice", f"этап «{stage}» указан дважды"
            )
            where = (*path, "stages", place)
            found.append(document.problem(where, "schema", what))
    if funnel.main_stage is not None and funnel.main_stage not in stages:
        what = Said(
            f"main_stage {funnel.main_stage!r} is not one of the stages",
            f"main_stage «{funnel.main_stage}» — такого этапа в воронке нет",
        )
        hint = content.did_you_mean(funnel.main_stage, stages)
        where = (*path, "main_stage")
        found.append(document.problem(where, "schema", what, hint))
    return found


def init_case(folder: Path, name: str) -> Path:
    """Make a case folder: a commented company.yaml and an empty `data/`.

    Returns:
        The path of company.yaml.

    Raises:
        UsageError: company.yaml exists already (it is never overwritten), or no name.
        DataError: the folder cannot be written.
    """
    path = folder / COMPANY_FILE
    if not name.strip():
        raise UsageError(
            Said(
                "a case needs the name of the company",
                "для разбора нужно название компании",
            )
        )
    quoted = '"' + name.strip().replace("\\", "\\\\").replace('"', '\\"') + '"'
    try:
        (folder / "data").mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(_TEMPLATE.format(name=quoted))
    except FileExistsError as error:
        raise UsageError(
            Said(
                f"{path} exists and is not overwritten; edit it, or choose another"
                " folder",
                f"{path} уже есть, мы его не перезаписываем; поправьте его или"
                " выберите другую папку",
            )
        ) from error
    except OSError as error:
        what = reason_of(error, "cannot be written")
        raise DataError(Said(f"{path}: {what}", f"{path}: {what.ru}")) from error
    return path
