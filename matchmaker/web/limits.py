"""How often something may be asked. The library ``limits`` counts, in memory or in Redis.

It is loaded with the first request that has a limit: with all that it imports it would be a tenth of every start.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from flask import Response, after_this_request, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import RateLimiter

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
Arguments = ParamSpec("Arguments")
View = Callable[Arguments, ResponseReturnValue]
COUNTER = "matchmaker_limits"  # extension: the counter of this application
PATIENCE = 2  # seconds that a request waits for Redis


def network_address() -> str:
    """Return where a request comes from; behind proxies see the setting ``proxy_hops``."""
    return request.remote_addr or "unknown"


def limit(
    rates: str,
    *,
    key: Callable[[], str] = network_address,
    methods: tuple[str, ...] = ("GET", "HEAD", "POST"),
    counts: Callable[[Response], bool] | None = None,
) -> Callable[[View[Arguments]], View[Arguments]]:
    """Refuse a view with 429 when ``key`` asked for it more often than ``rates`` say ("5 per minute;20 per hour").

    Each view counts for itself. ``counts`` tells by the answer whether a request counts; without it each one does.
    """

    def decorate(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def limited(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
            if current_app.config["SETTINGS"].rate_limits and request.method in methods:
                _count(rates, (str(request.endpoint), key()), counts)
            return view(*args, **kwargs)

        return limited

    return decorate


def _count(rates: str, who: tuple[str, str], counts: Callable[[Response], bool] | None) -> None:
    """Count this request, now or when its answer is known; raise 429 where no more are left."""
    from limits import parse_many

    counter, all_rates = _counter(), parse_many(rates)
    for rate in all_rates:
        if not (counter.hit(rate, who) if counts is None else counter.has_left(rate, who)):
            raise TooManyRequests(retry_after=counter.again_at(rate, who))
    if counts is None:
        return

    @after_this_request
    def count_answer(response: Response) -> Response:
        if counts(response):
            for rate in all_rates:
                counter.hit(rate, who)
        return response


class Counter:
    """Counts in fixed windows in the storage of the settings, and in this process while that one does not answer."""

    def __init__(self, address: str) -> None:
        """Connect to the storage at ``address``: memory:// or a redis:// one."""
        from limits.storage import MemoryStorage, storage_from_string
        from limits.strategies import FixedWindowRateLimiter

        self._here = FixedWindowRateLimiter(MemoryStorage())
        self._shared = self._here
        if not address.startswith("memory:"):
            storage = storage_from_string(
                address, wrap_exceptions=True, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE
            )
            self._shared = FixedWindowRateLimiter(storage)

    def hit(self, rate: "RateLimitItem", who: tuple[str, str]) -> bool:
        """Count one request and tell whether it was still allowed."""
        return self._ask(lambda storage: storage.hit(rate, *who))

    def has_left(self, rate: "RateLimitItem", who: tuple[str, str]) -> bool:
        """Tell whether one more request would be allowed."""
        return self._ask(lambda storage: storage.test(rate, *who))

    def again_at(self, rate: "RateLimitItem", who: tuple[str, str]) -> datetime:
        """Return when the present window ends."""
        return datetime.fromtimestamp(self._ask(lambda storage: storage.get_window_stats(rate, *who)).reset_time, UTC)

    def _ask(self, question: "Callable[[RateLimiter], Answer]") -> Answer:
        from limits.errors import StorageError

        try:
            return question(self._shared)
        except StorageError as error:  # whoever wants to sign in must not wait for Redis to come back
            log.warning("rate limits are counted in this process: %s", error.storage_error)
            return question(self._here)


def _counter() -> Counter:
    """Return the counter of this application; of two that are made at the same time the first one stays."""
    with suppress(KeyError):
        return current_app.extensions[COUNTER]
    return current_app.extensions.setdefault(COUNTER, Counter(current_app.config["SETTINGS"].rate_limit_storage))
