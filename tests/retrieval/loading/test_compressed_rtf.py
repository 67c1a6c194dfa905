"""The packed rich text of Outlook is unpacked as its specification shows."""

import random

import pytest

from retrieval.loading.compressed_rtf import unpack_rtf

# The two examples of MS-OXRTFCP 3.1.
SIMPLE = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c090020627705b06c647d0a800fa0"
)
CROSSING = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def test_text_is_unpacked() -> None:
    assert unpack_rtf(SIMPLE) == rb"{\rtf1\ansi\ansicpg1252\pard hello world}" + b"\r\n"


def test_a_reference_may_run_into_what_it_writes() -> None:
    assert unpack_rtf(CROSSING) == rb"{\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_text_that_was_not_packed_is_handed_on() -> None:
    assert unpack_rtf(bytes.fromhex("0e000000050000004d454c4100000000") + b"{x}\r\n") == b"{x}\r\n"


@pytest.mark.parametrize("packed", [b"", b"short", bytes(16)])
def test_what_is_neither_is_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut off|neither"):
        unpack_rtf(packed)


def test_damage_ends() -> None:
    chance = random.Random(20)
    for _ in range(300):
        damaged = bytearray(SIMPLE)
        for _ in range(5):
            damaged[chance.randrange(16, len(damaged))] = chance.randrange(256)
        assert len(unpack_rtf(bytes(damaged))) < 4096
