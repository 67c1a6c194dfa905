"""How often, and how many at once."""

import pytest

from assistant.entrypoints.programs.limiting import Busy, Places, RateLimit


def test_a_key_waits_until_its_oldest_request_is_old_enough() -> None:
    now = 0.0
    limit = RateLimit(requests=2, seconds=60.0, clock=lambda: now)
    assert [limit.wait("a"), limit.wait("a"), limit.wait("a")] == [0.0, 0.0, 60.0]
    assert limit.wait("b") == 0.0
    now = 59.0
    assert limit.wait("a") == 1.0
    now = 60.0
    assert limit.wait("a") == 0.0


def test_who_finds_no_place_is_told_so_until_one_is_given_back() -> None:
    places = Places(1)
    places.take()
    with pytest.raises(Busy):
        places.take()
    places.give_back()
    places.take()
