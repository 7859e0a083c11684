"""All codes that reading and linting the knowledge can tell, each in one line.

A code is a contract: people exclude it by name and look it up in its page
`docs/lint/<code>.md`. `loads` marks what keeps the knowledge from being read at all:
that cannot be excluded. `fixable` marks what `--fix` mends where it is certain.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from salesdx.language import Language, Text


@dataclass(frozen=True, slots=True)
class Code:
    """One code: what it says, and what may be done about it."""

    text: Text
    loads: bool = False
    fixable: bool = False


def _when_read(en: str, ru: str, fixable: bool = False) -> Code:
    return Code(Text(en=en, ru=ru), True, fixable)


def _when_judged(en: str, ru: str) -> Code:
    return Code(Text(en=en, ru=ru))


CODES: Mapping[str, Code] = dict(sorted({
    "condition-shape": _when_read(
        "The condition is not written as conditions are.",
        "Условие записано не так, как записывают условия.",
    ),
    "cycle": _when_read(
        "Causes or symptoms are derived from each other in a ring.",
        "Причины или симптомы выводятся друг из друга по кругу.",
    ),
    "duplicate-id": _when_read(
        "Two entries have one id.", "Один код у двух записей.",
    ),
    "engine-range": _when_read(
        "The pack is made for another salesdx.",
        "Пакет знаний сделан для другой версии salesdx.",
    ),
    "file": _when_read(
        "The file or folder cannot be read.", "Файл или папка не читаются.",
    ),
    "file-name": _when_read(
        "The file is not called as what stands in it.",
        "Файл называется не так, как запись в нём.",
    ),
    "missing-template": _when_read(
        "A worksheet lacks its template in a language.",
        "У рабочего листа нет шаблона на одном из языков.",
    ),
    "pack": _when_read(
        "An installed pack of knowledge cannot be found.",
        "Установленный пакет знаний не найти.",
    ),
    "schema": _when_read(
        "A key is missing, unknown, or holds the wrong kind of value.",
        "Ключа не хватает, ключ лишний, или значение не того вида.", True,
    ),
    "size": _when_read(
        "The folder holds too much to be a base of knowledge.",
        "В папке слишком много всего для базы знаний.",
    ),
    "template": Code(Text(
        en="A worksheet template cannot be filled.",
        ru="Шаблон рабочего листа не заполнить.",
    ), True),
    "type-mismatch": _when_read(
        "Answers of this type cannot be compared so.",
        "Ответы такого типа так не сравнивают.",
    ),
    "unit-mismatch": _when_read(
        "The figure and its limit are in different units: 20 against 0.2.",
        "Показатель и порог в разных единицах: 20 вместо 0.2.", True,
    ),
    "unknown-benchmark": _when_read(
        "There is no benchmark of this name.", "Ориентира с таким кодом нет.", True,
    ),
    "unknown-choice": _when_read(
        "The question has no such answer.", "Такого варианта ответа у вопроса нет.",
        True,
    ),
    "unknown-file": _when_read(
        "No kind of knowledge lives in this place.",
        "В этом месте файлы базы знаний не читаются.",
    ),
    "unknown-id": _when_read(
        "The id named here does not exist.", "Записи с таким кодом нет.", True,
    ),
    "unknown-name": _when_read(
        "There is no figure, question, symptom or cause of this name.",
        "Показателя, вопроса, симптома или причины с таким кодом нет.", True,
    ),
    "unknown-placeholder": _when_read(
        "Nothing can be put in place of {name} in the text.",
        "Вместо {name} в тексте нечего подставить.", True,
    ),
    "yaml-encoding": _when_read(
        "The file is not UTF-8 text.", "Файл — не текст в UTF-8.",
    ),
    "yaml-size": _when_read("The file is too large.", "Файл слишком большой."),
    "yaml-syntax": _when_read(
        "The file is not YAML, or holds what is not allowed here.",
        "Нарушена запись YAML, или в файле то, что здесь не разрешено.",
    ),
    "always-true": _when_judged(
        "The condition always holds.", "Условие выполняется всегда.",
    ),
    "blame-without-person": _when_judged(
        "A manager is blamed by an answer that is not about him.",
        "Менеджера обвиняют по ответу, который не о нём.",
    ),
    "cause-without-remedy": _when_judged(
        "Nothing is done about the cause.", "У причины нет ни одной меры.",
    ),
    "conflicting-rules": _when_judged(
        "One condition speaks for and against the same cause.",
        "Одно условие говорит и за причину, и против неё.",
    ),
    "decided-by-one-rule": _when_judged(
        "The verdict hangs on one group of evidence.",
        "Вывод держится на одной группе свидетельств.",
    ),
    "double-negative": _when_judged(
        "The condition denies a denial.", "В условии отрицание отрицания.",
    ),
    "duplicate-rule": _when_judged(
        "Two rules of a cause say the same.",
        "Два правила причины говорят одно и то же.",
    ),
    "effort-without-questions": _when_judged(
        "Time is asked for, and nothing is learned or tells that it is needed.",
        "Время тратится, а узнать ничего нельзя или незачем.",
    ),
    "engine-limit": _when_judged(
        "More than the rule engine can take.", "Больше, чем вмещает движок правил.",
    ),
    "failing-test": _when_judged(
        "A test beside the rules fails.", "Испытание рядом с правилами не проходит.",
    ),
    "form-band-unreachable": _when_judged(
        "The form cannot have so many problems.",
        "Столько проблем в форме не набрать.",
    ),
    "form-question-per-slice": _when_judged(
        "The form asks what is asked of each manager, source or stage.",
        "В форме вопрос, который задают по каждому менеджеру, источнику или этапу.",
    ),
    "form-question-twice": _when_judged(
        "The form asks a question twice.", "Форма задаёт вопрос дважды.",
    ),
    "impossible-condition": _when_judged(
        "The condition can never hold.", "Условие не выполнится никогда.",
    ),
    "metric-without-source": _when_judged(
        "Nothing supplies the figure.", "Показатель не из чего взять.",
    ),
    "missing-language": _when_judged(
        "A text is missing in Russian or in English.",
        "Нет текста на русском или на английском.",
    ),
    "missing-source": _when_judged(
        "It is not said where the statement comes from.",
        "Не сказано, откуда взято утверждение.",
    ),
    "missing-test": _when_judged(
        "No test shows the rule firing, silent or unknown.",
        "Нет испытания, где правило сработало, смолчало или осталось неизвестным.",
    ),
    "people-without-gate": _when_judged(
        "People are blamed before the figures and the process are checked.",
        "Людей винят, не проверив ни цифры, ни процесс.",
    ),
    "placeholder-not-read": _when_judged(
        "The sentence names a figure that the condition does not read.",
        "В тексте показатель, которого условие не читает.",
    ),
    "question-asked-by-no-rule": _when_judged(
        "Nothing reads the answer.", "Ответ никто не читает.",
    ),
    "question-does-not-fit": _when_judged(
        "The answer cannot become the figure.", "Ответ не превратить в показатель.",
    ),
    "redundant-part": _when_judged(
        "A part of the condition changes nothing.",
        "Часть условия ничего не меняет.",
    ),
    "rule-reads-said-figure": _when_judged(
        "A rule takes a figure that was only said for a measured one.",
        "Правило принимает сказанное за измеренное.",
    ),
    "share-of-nothing": _when_judged(
        "A claimed share of revenue belongs to no mistake.",
        "Заявленная доля выручки не связана ни с одной ошибкой.",
    ),
    "stale-exclusion": _when_judged(
        "The exclusion excludes nothing.", "Исключение ничего не исключает.",
    ),
    "subsumed-rule": _when_judged(
        "The rule holds only when another one holds and adds nothing.",
        "Правило срабатывает только вместе с другим и ничего не добавляет.",
    ),
    "unreachable-cause": _when_judged(
        "The cause can never become likely.", "Причина никогда не станет вероятной.",
    ),
    "unwritten-text": _when_judged(
        "A text still says TODO.", "В тексте ещё стоит TODO.",
    ),
    "unused-benchmark": _when_judged(
        "Nothing compares with the benchmark.", "С ориентиром ничего не сравнивают.",
    ),
    "unused-claim": _when_judged(
        "No action names the claim.", "Заявление не названо ни в одной мере.",
    ),
    "unused-metric": _when_judged(
        "Nothing reads the figure.", "Показатель никто не читает.",
    ),
    "unused-remedy": _when_judged(
        "No cause leads to the action.", "Меру не назначает ни одна причина.",
    ),
    "unused-worksheet": _when_judged(
        "No action hands out the worksheet.", "Рабочий лист не выдаёт ни одна мера.",
    ),
}.items()))  # fmt: skip

PAGES: Mapping[Language, str] = {"en": "lint/{}.md", "ru": "ru/lint/{}.md"}


def page(code: str, language: Language = "en") -> str:
    """Where the page of a code lies under `docs/`."""
    return PAGES[language].format(code)
