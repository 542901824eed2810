"""Settings for a command: read once, logging set up, a wrong one told in one sentence, an unsafe one refused in production."""

import rich_click as click

from backend.settings import Settings, SettingsError, load
from kernel.telemetry import logs


def settings_or_exit() -> Settings:
    """The settings of this process; ends it with a sentence where they do not make sense or are not safe."""
    try:
        settings = load()
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    logs.configure(as_json=settings.log_json, level=settings.log_level)
    unsafe = settings.unsafe()
    if settings.in_production and unsafe:
        raise click.ClickException("This is not safe for production:\n" + "\n".join(f"  - {sentence}" for sentence in unsafe))
    return settings
