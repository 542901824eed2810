"""Who vouches for our apps, as the settings say (SEC-66)."""

import json

from auth.attestation import Attestation, Attestor
from auth.providers.app_check import KeyedAppCheck
from backend.app.clients_file import auth_config
from backend.settings import Settings, SettingsError
from notifications.channels.fcm_app_check import FirebaseAppCheck


def attestation(settings: Settings) -> Attestation:
    """The question to ask of apps.

    Raises:
        SettingsError: somebody has to vouch, and nobody is named; or keys of a simulator in production.
    """
    return Attestation(auth_config(settings), _attestor(settings), settings.app_attestation)


def _attestor(settings: Settings) -> Attestor | None:
    if settings.app_attestation == "off":
        return None
    if settings.app_check_keys is not None:
        if settings.in_production:
            raise SettingsError("MOTCUA_APP_CHECK_KEYS: is for simulators, production asks Firebase.")
        try:
            file = json.loads(settings.app_check_keys.read_bytes())
            return KeyedAppCheck(file["jwks"], str(file["project_number"]))
        except (OSError, ValueError, KeyError, TypeError) as wrong:
            raise SettingsError(f"MOTCUA_APP_CHECK_KEYS {settings.app_check_keys}: {wrong}") from wrong
    if settings.fcm_service_account is None:
        raise SettingsError("MOTCUA_APP_ATTESTATION: needs MOTCUA_FCM_SERVICE_ACCOUNT, or MOTCUA_APP_CHECK_KEYS in development.")
    return FirebaseAppCheck(json.loads(settings.fcm_service_account.read_bytes()))
