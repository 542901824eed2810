"""The command `motcua`: one program for running, filling, checking and looking.

running    up serve worker story         filling    seed migrate, importing    import         checking    spec doctor deadline

The other rooms are named after what they look after.
"""

import rich_click as click

from backend.cli import (
    accounts,
    app,
    auditing,
    checking,
    deadline,
    deliveries,
    filling,
    importing,
    keys,
    privacy,
    reports,
    running,
    signing,
    staff,
    zalo,
)

ROOMS = (
    *(running, filling, importing, checking, deadline),
    *(auditing, privacy, keys, app, accounts, staff, deliveries, reports, zalo),
)

click.rich_click.TEXT_MARKUP = "markdown"
click.rich_click.MAX_WIDTH = 100
click.rich_click.COMMAND_GROUPS = {
    "**": [
        {"name": "See it work", "commands": ["up", "story"]},
        {"name": "Run it", "commands": ["serve", "worker", "migrate", "app"]},
        {"name": "Fill it", "commands": ["import", "seed"]},
        {"name": "Answer for it", "commands": ["audit", "privacy", "keys", "accounts", "staff", "reports", "deliveries", "zalo"]},
        {"name": "Check it", "commands": ["doctor", "spec", "deadline"]},
    ]
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="motcua")
def main() -> None:
    """**Một Cửa**: the citizen-app backend of a province.

    New here? `motcua up` starts everything on this machine and `motcua story` shows the main job.
    """


for room in ROOMS:
    for command in room.COMMANDS:
        main.add_command(command)
keys.keys_group.add_command(signing.signing_group)
