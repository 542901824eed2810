"""The ways besides push are there as far as they are configured, and half a configuration is told at once."""

from typing import Any

import msgspec
import pytest

from backend.app.parts import make_parts
from backend.app.text_channels import CONSENTS, PURPOSES, fallback_waits
from backend.privacy.purposes import PURPOSES as ALL
from backend.settings import Settings, SettingsError
from notifications.inbox.post import USUAL_WAITS
from notifications.ways import CHANNELS

MAIL = {"smtp_url": "smtps://name:word@mail.example", "smtp_sender": "a@b.example"}
SMS = {"sms_url": "https://sms.example", "sms_token": "t", "sms_brand": "MOTCUA"}
ZALO = {"zalo_app_id": "1", "zalo_app_secret": "s", "zalo_template": "2"}


@pytest.mark.parametrize(
    ("given", "offered"),
    [({}, []), (MAIL, ["email"]), (SMS, ["sms"]), (ZALO, ["zalo"]), ({**MAIL, **SMS, **ZALO}, ["email", "sms", "zalo"])],
)
def test_what_is_configured_is_offered(given: dict[str, Any], offered: list[str]) -> None:
    assert sorted(make_parts(Settings(**given)).texts) == offered


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({**MAIL, "smtp_sender": ""}, "MOTCUA_SMTP_SENDER"),
        ({**MAIL, "smtp_url": "mail.example:word"}, "MOTCUA_SMTP_URL"),
        ({**SMS, "sms_token": ""}, "MOTCUA_SMS_TOKEN"),
        ({**ZALO, "zalo_template": ""}, "MOTCUA_ZALO_TEMPLATE"),
        ({"fallback_waits": ("account=soon",)}, "MOTCUA_FALLBACK_WAITS"),
        ({"fallback_waits": ("weather=5m",)}, "MOTCUA_FALLBACK_WAITS"),
    ],
)
def test_half_a_configuration_is_named_and_no_password_with_it(given: dict[str, Any], variable: str) -> None:
    with pytest.raises(SettingsError, match=variable) as said:
        make_parts(Settings(**given))
    assert "word" not in str(said.value)


def test_the_waits_are_those_of_the_rule_until_an_operator_says_others() -> None:
    assert fallback_waits(Settings()) == USUAL_WAITS
    assert fallback_waits(msgspec.structs.replace(Settings(), fallback_waits=())) == {}


@pytest.mark.proves("SEC-76")
def test_every_way_has_a_consent_of_its_own() -> None:
    assert set(PURPOSES) == set(CONSENTS) == set(CHANNELS)
    assert {ALL[purpose].basis for purpose in PURPOSES.values()} == {"consent"}
