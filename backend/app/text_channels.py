"""The ways besides push, as far as they are configured: the worker sends by them instead of a push, the API sends codes by them."""

from collections.abc import Mapping
from functools import partial

from backend.privacy.queries import consenting
from backend.settings import Settings, SettingsError
from kernel.clock import Clock
from kernel.privacy.vault import Vault
from notifications.channels.port import TextChannel
from notifications.channels.sms import SmsChannel
from notifications.channels.smtp import MailServer, SmtpChannel
from notifications.channels.zalo import ZaloChannel
from notifications.channels.zalo_tokens import ZaloTokens
from notifications.delivery.fallback.briefing import Consents
from notifications.messages.waits import Waits, waits_of
from notifications.ways import ChannelName

PURPOSES: Mapping[ChannelName, str] = {"email": "told_by_email", "sms": "told_by_sms", "zalo": "told_by_zalo"}

# Who has agreed to be told by which way (SEC-76): asked anew for every text.
CONSENTS: Consents = {name: partial(consenting, purpose=purpose) for name, purpose in PURPOSES.items()}


def open_text_channels(settings: Settings, vault: Vault, clock: Clock) -> dict[ChannelName, TextChannel]:
    """A channel for each that has an address; nothing is connected before the first text.

    Raises:
        SettingsError: an address is none.
    """
    channels: dict[ChannelName, TextChannel] = {}
    if settings.smtp_url:
        channels["email"] = _email(settings)
    if settings.sms_url:
        channels["sms"] = _sms(settings)
    if settings.zalo_app_id:
        tokens = zalo_tokens(settings, vault, clock)
        channels["zalo"] = ZaloChannel(tokens, endpoint=settings.zalo_endpoint, template=settings.zalo_template)
    return channels


def zalo_tokens(settings: Settings, vault: Vault, clock: Clock) -> ZaloTokens:
    """The tokens of our app at Zalo.

    Raises:
        SettingsError: a part of it is missing.
    """
    if not settings.zalo_app_secret or not settings.zalo_template:
        raise SettingsError("MOTCUA_ZALO_APP_SECRET and MOTCUA_ZALO_TEMPLATE: the app needs both.")
    return ZaloTokens(vault, clock, app_id=settings.zalo_app_id, secret=settings.zalo_app_secret, url=settings.zalo_oauth)


def fallback_waits(settings: Settings) -> Waits:
    """How long each category waits.

    Raises:
        SettingsError.
    """
    try:
        return waits_of(settings.fallback_waits)
    except ValueError as wrong:
        raise SettingsError(f"MOTCUA_FALLBACK_WAITS: {wrong}") from wrong


def _sms(settings: Settings) -> TextChannel:
    if not settings.sms_token or not settings.sms_brand:
        raise SettingsError("MOTCUA_SMS_TOKEN and MOTCUA_SMS_BRAND: name what the gateway knows us by.")
    return SmsChannel(settings.sms_url, settings.sms_token, brand=settings.sms_brand, segments=settings.sms_segments)


def _email(settings: Settings) -> TextChannel:
    if not settings.smtp_sender:
        raise SettingsError("MOTCUA_SMTP_SENDER: name the address e-mails come from.")
    try:
        server = MailServer.of(settings.smtp_url)
    except ValueError as wrong:
        # Not what it is: there is a password in it.
        raise SettingsError(f"MOTCUA_SMTP_URL: {wrong}") from None
    return SmtpChannel(server, sender=settings.smtp_sender, sender_name=settings.smtp_sender_name)
