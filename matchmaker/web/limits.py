"""Rate limits: one limiter; views name their limits with ``@limiter.limit``."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, headers_enabled=True)
