"""The verbs of accounts: ``entering`` (sign-up to reset), ``account`` (one's own), ``organisations`` and ``members``."""
