"""The look to begin with: reports/looks/example, its comments in one language."""

from pathlib import Path

from salesdx.content import content
from salesdx.language import LANGUAGES, Language


def example_files(lang: Language) -> dict[str, bytes]:
    """Names from the folder, with their bytes; `look.en.yaml` becomes `look.yaml`.

    Templates keep their language in the name: a look has both.
    """
    home = content("reports") / "looks" / "example"
    found: dict[str, bytes] = {}
    for path in sorted(home.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(home).as_posix()
        if name.endswith(".yaml"):
            stem, _, tongue = name.removesuffix(".yaml").rpartition(".")
            if tongue in LANGUAGES and tongue != lang:
                continue
            name = f"{stem}.yaml"
        found[name] = path.read_bytes()
    return found


def write_example(folder: Path, lang: Language) -> list[Path]:
    """Write the example into a folder; a file that is there is never replaced.

    Raises:
        FileExistsError: one is there; nothing is written then.
    """
    files = {folder / name: data for name, data in example_files(lang).items()}
    for path in files:
        if path.exists():
            raise FileExistsError(17, "exists", str(path))
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return list(files)
