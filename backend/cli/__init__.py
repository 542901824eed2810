"""The command `motcua`: one program for running, filling, checking and looking.

running    up serve worker story         filling    seed import migrate         checking    spec doctor
"""

import rich_click as click

from backend.cli import accounts, auditing, checking, filling, keys, privacy, running, signing, staff

click.rich_click.USE_MARKDOWN = True
click.rich_click.MAX_WIDTH = 100
click.rich_click.COMMAND_GROUPS = {
    "**": [
        {"name": "See it work", "commands": ["up", "story"]},
        {"name": "Run it", "commands": ["serve", "worker", "migrate"]},
        {"name": "Fill it", "commands": ["import", "seed"]},
        {"name": "Answer for it", "commands": ["audit", "privacy", "keys", "accounts", "staff"]},
        {"name": "Check it", "commands": ["doctor", "spec"]},
    ]
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="motcua")
def main() -> None:
    """**Một Cửa**: the citizen-app backend of a province.

    New here? `motcua up` starts everything on this machine and `motcua story` shows the main job.
    """


for command in (
    *running.COMMANDS,
    *filling.COMMANDS,
    *checking.COMMANDS,
    *auditing.COMMANDS,
    *privacy.COMMANDS,
    *keys.COMMANDS,
    *accounts.COMMANDS,
    *staff.COMMANDS,
):
    main.add_command(command)
keys.keys_group.add_command(signing.signing_group)
