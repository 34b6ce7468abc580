"""The command line: ``liandiao``. Each command says in its last line what happened, with counts."""

from __future__ import annotations

import sys

import click

from engine.errors import EngineError

from .carrying import carrying
from .drawing import drawing
from .exchanging import exchanging
from .figuring import figuring
from .keeping import keeping
from .lettering import lettering
from .proving import proving
from .rehearsing import rehearsing
from .sealing import sealing
from .serving import serving
from .taking import taking
from .words import explain


class Bilingual(click.Group):
    """Turns refusals into one readable sentence and an exit code instead of a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; EngineError becomes exit code 2 with its sentence in the user's language."""
        try:
            return super().invoke(ctx)
        except EngineError as refused:
            click.echo(explain(refused), err=True)
            sys.exit(2)
        except (ValueError, OSError) as wrong:
            click.echo(str(wrong), err=True)
            sys.exit(2)


@click.group(
    cls=Bilingual,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="liandiao")
def main() -> None:
    """联调：法庭、派出所、司法所矛盾纠纷联调。 Joint mediation by court, police and justice offices.

    设置取自环境变量，见 liandiao settings。 Settings come from the environment: liandiao settings.
    退出码 / exit codes: 0 成功 done, 1 有发现或失败 something found or failed, 2 用法或输入有误 refused.
    """


for group in (
    serving,
    drawing,
    rehearsing,
    lettering,
    carrying,
    proving,
    sealing,
    keeping,
    taking,
    exchanging,
    figuring,
):
    for command in group.commands.values():
        command.short_help = str(command.help).partition("\n\n")[0]  # else its English is cut off
        main.add_command(command)
