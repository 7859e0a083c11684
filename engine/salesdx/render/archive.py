"""Office files with stable bytes: the zip is rewritten without times."""

import io
import re
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")


def stable(data: bytes, day: str | None) -> bytes:
    """Rewrite the entries in order, with one fixed time and the day of the case."""
    stamp = f"{day or '1980-01-01'}T00:00:00Z".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist()):
            entry = old.read(name)
            if name == "docProps/core.xml":
                entry = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", entry)
            info = zipfile.ZipInfo(name, _EPOCH)
            new.writestr(info, entry, zipfile.ZIP_DEFLATED)
    return out.getvalue()
