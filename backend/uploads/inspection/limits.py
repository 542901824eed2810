"""The walls of the sandbox: after `shut`, this process opens nothing any more, neither file nor socket, and soon ends (SEC-57)."""

import ctypes
import resource

MEMORY_BYTES = 1024 * 1024 * 1024
"""Address space. 24 megapixels take 100 MB as RGBA, and turning a picture takes them twice."""

PROCESSOR_S = 20
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
# Standard input, output and error: whatever is opened would be the fourth.
_DESCRIPTORS = 3


def shut() -> None:
    """Everything has been loaded: shut the doors behind it."""
    # A network of its own, in which there is nothing; where the system forbids it the descriptors below do the same.
    ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _DESCRIPTORS),
    ):
        resource.setrlimit(what, (most, most))
