"""The public keys of a system client, from a PEM or a JWK set. Private or weak keys in the configuration are refused at start."""

from typing import cast

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, KeySetSerialization, OKPKey, RSAKey

from auth.config import ConfigError, SystemClient

ALGORITHMS = ["ES256", "RS256", "PS256", "EdDSA"]
MIN_RSA_BITS = 2048


def key_set(client: SystemClient) -> KeySet:
    """The keys this client may sign its assertions with.

    Raises:
        ConfigError: they cannot be read, or are not public keys of a kind and size we take.
    """
    try:
        if client.public_key_pem:
            keys = KeySet([_from_pem(client.public_key_pem.encode())])
        else:
            keys = KeySet.import_key_set(cast("KeySetSerialization", client.jwks))
    except (JoseError, ValueError, KeyError, TypeError) as broken:
        raise ConfigError(f"system client {client.client_id}: its public key cannot be read") from broken
    for key in keys:
        if not isinstance(key, ECKey | RSAKey | OKPKey) or key.is_private:
            raise ConfigError(f"system client {client.client_id}: only public EC, RSA or Ed25519 keys belong here")
        if isinstance(key, RSAKey) and key.public_key.key_size < MIN_RSA_BITS:
            raise ConfigError(f"system client {client.client_id}: RSA keys need {MIN_RSA_BITS} bits")
    return keys


def _from_pem(pem: bytes) -> Key:
    loaded = load_pem_public_key(pem)
    for native, kind in ((EllipticCurvePublicKey, ECKey), (RSAPublicKey, RSAKey), (Ed25519PublicKey, OKPKey)):
        if isinstance(loaded, native):
            return cast("Key", kind.import_key(pem))
    raise ValueError("unknown kind of key")
