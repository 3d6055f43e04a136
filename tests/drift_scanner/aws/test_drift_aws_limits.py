"""The token bucket never lets more through than its rate and burst; services have rates; a ceiling caps them."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from tagwright_drift.inventories.aws.data_files import read_table
from tagwright_drift.inventories.aws.limits import Limiter, rate_of
from tagwright_drift.inventories.aws.registry import listers


class Time:
    """A clock that sleeping moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@given(st.lists(st.floats(0, 3), min_size=1, max_size=120), st.sampled_from(["lambda", "ec2", "glue", "nobody"]))
def test_never_more_than_rate_and_burst(pauses: list[float], service: str) -> None:
    time = Time()
    limiter = Limiter(clock=time.clock, sleep=time.sleep)
    rate = rate_of(service)
    sent: list[float] = []
    for pause in pauses:
        time.now += pause
        limiter.acquire("a", "r", service)
        sent.append(time.now)
    for at, start in enumerate(sent):
        within = [each for each in sent[at:] if each <= start + 1]
        assert len(within) <= rate.burst + rate.rate + 1


def test_accounts_regions_and_services_do_not_wait_for_each_other() -> None:
    time = Time()
    limiter = Limiter(ceiling=1, clock=time.clock, sleep=time.sleep)
    for account in "ab":
        for region in "xy":
            for service in ("lambda", "ec2"):
                assert limiter.acquire(account, region, service) == 0
    assert limiter.acquire("a", "x", "lambda") >= 1


def test_a_ceiling_caps_the_burst_too() -> None:
    time = Time()
    limiter = Limiter(ceiling=2, clock=time.clock, sleep=time.sleep)
    for _ in range(21):
        limiter.acquire("a", "x", "ec2")
    assert 9 <= time.now <= 11


def test_threads_share_the_bucket() -> None:
    waits: list[float] = []
    lock = threading.Lock()
    limiter = Limiter(clock=lambda: 0.0, sleep=lambda _: None)

    def ask() -> None:
        for _ in range(50):
            waited = limiter.acquire("a", "r", "lambda")
            with lock:
                waits.append(waited)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    free = [wait for wait in waits if not wait]
    assert len(free) == rate_of("lambda").burst
    assert max(waits) >= (400 - rate_of("lambda").burst) / rate_of("lambda").rate


def test_idle_buckets_are_forgotten_and_busy_ones_are_not() -> None:
    time = Time()
    limiter = Limiter(ceiling=1, clock=time.clock, sleep=lambda _: None)
    for at in range(5000):
        limiter.acquire(f"{at}", "r", "ec2")
    assert limiter.acquire("4999", "r", "ec2") >= 1
    time.now += 3600
    for at in range(5000):
        limiter.acquire(f"n{at}", "r", "ec2")
    assert len(limiter._buckets) <= 5000 + 1


def test_every_service_that_is_asked_has_a_rate_within_aws_limits() -> None:
    """The limits that AWS documents: tagging API 15 a second, Resource Explorer 5, Organizations 5 to 8."""
    known = read_table("services")["services"]
    assert {each.service for each in listers().values()} <= set(known)
    for name, row in known.items():
        assert 0 < row.get("rate", 1) <= 100, name
    assert rate_of("resourcegroupstaggingapi").rate <= 15
    assert rate_of("organizations").rate <= 5
    assert rate_of("ec2").rate <= 20
