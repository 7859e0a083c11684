"""The made-up firms beside this file: read one, or write it as a case folder.

A person does it so: `python tests/companies/firm.py FIRM FOLDER`.
"""

import sys
from pathlib import Path

from salesdx.demo.firm_files import load, write

__all__ = ["load", "write"]

if __name__ == "__main__":
    _, trade, target = sys.argv
    write(load(Path(__file__).with_name(f"{trade}.yaml")), Path(target))
