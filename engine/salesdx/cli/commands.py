"""Commands whose help speaks the user's language, and a group that loads them late."""

import importlib
from collections.abc import Mapping

import click

from salesdx.cli.wording import say

Entry = tuple[str, str, str]  # "module:attribute", short help en, short help ru


class Command(click.Command):
    """A command with headings in the language of the run."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        _usage(self, ctx, formatter)

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the options."""
        _options(self, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The --help option, explained in the language of the run."""
        return _help_option(super().get_help_option(ctx))


class Group(click.Group):
    """A group whose few commands stand in its own module."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        _usage(self, ctx, formatter)

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the options, then the commands."""
        _options(self, ctx, formatter)
        with formatter.section(say("Commands", "Команды")):
            formatter.write_dl(self.rows())

    def rows(self) -> list[tuple[str, str]]:
        """The commands, each with what it does."""
        return [(n, c.get_short_help_str(100)) for n, c in self.commands.items()]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The --help option, explained in the language of the run."""
        return _help_option(super().get_help_option(ctx))


class LazyGroup(Group):
    """A group whose commands are imported when they are used, not for `--help`."""

    def __init__(self, entries: Mapping[str, Entry], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order of the work, not of the alphabet."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the module of the command."""
        if cmd_name not in self.entries:
            return None
        module, _, attribute = self.entries[cmd_name][0].partition(":")
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return found

    def rows(self) -> list[tuple[str, str]]:
        """The commands, without loading any of them."""
        return [(name, say(en, ru)) for name, (_, en, ru) in self.entries.items()]


def _usage(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    pieces = " ".join(
        say(
            p,
            {
                "[OPTIONS]": "[КЛЮЧИ]",
                "COMMAND": "КОМАНДА",
                "[ARGS]...": "[ПАРАМЕТРЫ]...",
            }.get(p, p),
        )
        for piece in command.collect_usage_pieces(ctx)
        for p in piece.split(" ")
    )
    prefix = say("Usage: ", "Вызов: ")
    formatter.write_usage(ctx.command_path, pieces, prefix=prefix)


def _options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    records = [r for p in command.get_params(ctx) if (r := p.get_help_record(ctx))]
    if records:
        default = say("[default: ", "[по умолчанию: ")
        rows = [(name, told.replace("[default: ", default)) for name, told in records]
        with formatter.section(say("Options", "Ключи")):
            formatter.write_dl(rows)


def _help_option(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = say("Show this text and exit.", "Показать эту справку.")
    return option
