"""`salesdx kb`: what trainers need to write and prove knowledge."""

from salesdx.cli.commands import Entry, LazyGroup
from salesdx.cli.wording import say

_ENTRIES: dict[str, Entry] = {
    "new": (
        "salesdx.cli.kb_new:new",
        "Begin a cause, rule, question, remedy or threshold in your own folder.",
        "Завести в своей папке причину, правило, вопрос, меру или ориентир.",
    ),
    "lint": (
        "salesdx.cli.kb_lint:lint",
        "Find every fault, with file, line and a hint.",
        "Найти все ошибки: файл, строка и подсказка.",
    ),
    "test": (
        "salesdx.cli.kb_test:test",
        "Run the tests that stand beside the rules.",
        "Выполнить испытания, записанные рядом с правилами.",
    ),
    "coverage": (
        "salesdx.cli.kb_coverage:coverage",
        "What the tests have seen, what of the domain is covered, what can be found.",
        "Что видели испытания, что есть из предметной области, какие причины найдутся.",
    ),
    "packs": (
        "salesdx.cli.kb_packs:packs",
        "List the shipped knowledge and the installed packs.",
        "Перечислить поставляемую базу знаний и установленные пакеты.",
    ),
    "fmt": (
        "salesdx.cli.kb_fmt:fmt",
        "Write knowledge files in one way; comments stay.",
        "Записать файлы единообразно; комментарии остаются.",
    ),
    "diff": (
        "salesdx.cli.kb_diff:diff",
        "What two versions of the knowledge say differently.",
        "Чем две версии базы знаний отличаются по смыслу.",
    ),
    "impact": (
        "salesdx.cli.kb_impact:impact",
        "Which conclusions on stored cases change under another version, and why.",
        "Какие выводы по сохранённым разборам изменит другая версия и почему.",
    ),
    "export": (
        "salesdx.cli.kb_export:export",
        "List every question, metric, symptom, cause, rule and remedy.",
        "Перечислить вопросы, показатели, симптомы, причины, правила и меры.",
    ),
    "docs": (
        "salesdx.cli.kb_docs:docs",
        "A site to read: every cause, question and remedy, in both languages.",
        "Сайт для чтения: все причины, вопросы и меры, на двух языках.",
    ),
    "graph": (
        "salesdx.cli.kb_graph:graph",
        "Causes, symptoms and remedies as a picture.",
        "Причины, симптомы и меры одной картинкой.",
    ),
    "schema": (
        "salesdx.cli.kb_schema:schema",
        "JSON schemas of the files, for editors.",
        "JSON-схемы файлов для редакторов.",
    ),
}


kb = LazyGroup(
    _ENTRIES,
    name="kb",
    help=say(
        "The knowledge base: causes, rules, questions and remedies in YAML files.\n\n"
        "\b\nExample:\n"
        "  salesdx kb test --kb my-knowledge",
        "База знаний: причины, правила, вопросы и меры в файлах YAML.\n\n"
        "\b\nПример:\n"
        "  salesdx kb test --kb my-knowledge",
    ),
)
