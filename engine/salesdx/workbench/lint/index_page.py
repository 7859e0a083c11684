"""The list of all codes, made from CODES.

`python -m salesdx.workbench.lint.index_page docs` writes it in both languages.
"""

import sys
from pathlib import Path

from salesdx.language import Language, Text
from salesdx.workbench.lint.codes import CODES, Code

PAGES: dict[Language, str] = {"en": "lint/README.md", "ru": "ru/lint/README.md"}
_INTRO = Text(
    en="""# What kb lint tells

`salesdx kb lint --kb my-knowledge` reads everything and prints each fault as `file:line:col CODE text`, with a hint in brackets.
Every code has a page: what it means, why it matters, a wrong and a right example. `salesdx kb lint --explain CODE` shows it in the terminal.
This list is made from the program; do not edit it by hand.

**Mending.** `--fix` mends what is certain in the folders named by `--kb`: a name that is one letter away from the only one it can be, a percentage where a
share is due. Comments and all other bytes stay. `--fix --dry-run` shows the changes and writes nothing.

**Excluding.** What is meant so is named in `lint.yaml` of the folder, one finding at a time, with the reason. `at` is the id of the entry, or
`cause-id/rule-id`:

```yaml
format: 1
exclusions:
  - code: decided-by-one-rule
    at: nobody-at-lunch
    why: {en: Only the head can know it., ru: Знать это может только руководитель.}
```

An exclusion that excludes nothing is told as `stale-exclusion`. What keeps files from being read cannot be excluded.
""",  # noqa: E501
    ru="""# О чём говорит kb lint

`salesdx kb lint --kb моя-база` читает всё и печатает каждую ошибку строкой `файл:строка:столбец КОД текст`, в скобках — подсказка.
У каждого кода есть страница: что он значит, почему это важно, как неправильно и как правильно. `salesdx kb lint --explain КОД` покажет её в терминале.
Список собран из программы; руками его не правят.

**Исправить.** `--fix` исправляет в папках из `--kb` только то, что не вызывает сомнений: код с опиской в одну букву, если подходит лишь один, и проценты
вместо доли. Комментарии и всё остальное не меняется. `--fix --dry-run` покажет правки, ничего не записывая.

**Исключить.** То, что так и задумано, называют в `lint.yaml` своей папки — по одному замечанию, с объяснением. В `at` стоит код записи или
`код-причины/код-правила`:

```yaml
format: 1
exclusions:
  - code: decided-by-one-rule
    at: nobody-at-lunch
    why: {en: Only the head can know it., ru: Знать это может только руководитель.}
```

Исключение, которое ничего не исключает, — тоже ошибка: `stale-exclusion`. То, из-за чего файлы не читаются, исключить нельзя.
""",  # noqa: E501
)
_LISTS = (
    (True, Text(en="Files that cannot be read", ru="Файл не читается")),
    (False, Text(en="Knowledge that can be read and is wrong",
                 ru="Файл читается, но знания неверны")),
)  # fmt: skip
_HEADS = Text(en="Code|What it says|`--fix`", ru="Код|О чём говорит|`--fix`")
_YES = Text(en="yes", ru="да")


def index_page(language: Language) -> str:
    """The whole page as Markdown."""
    parts = [_INTRO.in_(language)]
    for loads, title in _LISTS:
        heads = _HEADS.in_(language).split("|")
        rows = [heads, ["---"] * len(heads)]
        rows += [_row(i, c, language) for i, c in CODES.items() if c.loads is loads]
        table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        parts.append(f"## {title.in_(language)}\n\n{table}\n")
    return "\n".join(parts)


def _row(name: str, code: Code, language: Language) -> list[str]:
    fixed = _YES.in_(language) if code.fixable else ""
    return [f"[{name}]({name}.md)", code.text.in_(language), fixed]


def write(folder: Path) -> None:
    """Write the page in both languages below a folder."""
    for language, name in PAGES.items():
        page = folder / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(index_page(language), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
