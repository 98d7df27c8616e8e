"""Tests of what all pages share: macros, colours, the content policy."""
