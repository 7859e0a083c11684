"""`python -m salesdx` is the `salesdx` command."""

from salesdx.cli import main

if __name__ == "__main__":
    main()
