from __future__ import annotations

import pytest

from boxwright.domain.errors import TooManyAttempts
from boxwright.services import attempts as module
from boxwright.services.attempts import PER_ADDRESS, PER_NAME, Attempts


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attempts(clock: Clock) -> Attempts:
    return Attempts(clock)


def test_a_name_is_tried_so_often_at_once_and_then_now_and_then(attempts: Attempts, clock: Clock) -> None:
    for number in range(PER_NAME.burst):
        attempts.spend("Ann", f"192.0.2.{number}")
    for name in ("ann", "ANN"):
        with pytest.raises(TooManyAttempts) as caught:
            attempts.spend(name, "192.0.2.99")
    assert caught.value.detail == {"retry_after": PER_NAME.seconds}
    attempts.spend("ben", "192.0.2.99")
    clock.time += PER_NAME.seconds
    attempts.spend("ann", "192.0.2.99")
    with pytest.raises(TooManyAttempts):
        attempts.spend("ann", "192.0.2.99")
    clock.time += PER_NAME.seconds * PER_NAME.burst
    for _ in range(PER_NAME.burst):
        attempts.spend("ann", "192.0.2.99")


def test_an_address_tries_so_many_names(attempts: Attempts, clock: Clock) -> None:
    for number in range(PER_ADDRESS.burst):
        attempts.spend(f"user{number}", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        attempts.spend("ann", "192.0.2.1")
    # What was refused for the address cost the name nothing.
    for number in range(PER_NAME.burst):
        attempts.spend("ann", f"198.51.100.{number}")
    clock.time += PER_ADDRESS.seconds
    attempts.spend("carl", "192.0.2.1")


def test_one_network_of_ipv6_is_one_address(attempts: Attempts) -> None:
    for number in range(PER_ADDRESS.burst):
        attempts.spend(f"user{number}", f"2001:db8::{number:x}")
    with pytest.raises(TooManyAttempts):
        attempts.spend("ann", "2001:db8::ffff%eth0")
    attempts.spend("ann", "2001:db8:0:1::1")
    attempts.spend("ann", "::ffff:192.0.2.1")
    attempts.spend("ann", None)


def test_success_is_forgiven_to_the_name_and_costs_the_address_nothing(attempts: Attempts) -> None:
    for _ in range(3 * PER_ADDRESS.burst):
        attempts.spend("ann", "192.0.2.1")
        attempts.forgive("ann", "192.0.2.1")
    # Somebody who has an account cannot use it to go on guessing others'.
    for number in range(PER_ADDRESS.burst):
        attempts.spend(f"user{number}", "192.0.2.1")
        attempts.spend("mine", "198.51.100.1")
        attempts.forgive("mine", "198.51.100.1")
    with pytest.raises(TooManyAttempts):
        attempts.spend("ben", "192.0.2.1")


def test_memory_is_bounded(attempts: Attempts, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 50)
    for number in range(300):
        attempts.spend(f"user{number}", f"192.0.2.{number}")
        clock.time += 0.01
    assert len(attempts._until) <= 50
