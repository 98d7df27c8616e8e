"""Compiled templates, kept in ``instance/templates`` for all processes and all starts of an installation."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from flask import Flask
from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(FileSystemBytecodeCache):
    """Jinja's cache: files that are replaced as a whole, and compiled anew when a template's text has changed.

    Without a folder to write into, each process compiles for itself.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a compiled template from its file, if there is one."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, if that can be."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def init_app(app: Flask) -> None:
    """Let the templates of ``app`` be kept; call it when the options of its environment are set."""
    folder = Path(app.instance_path) / "templates"
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
    app.jinja_env.bytecode_cache = CompiledTemplates(str(folder), f"{_options(app.jinja_env)}-%s.cache")


def _options(environment: Environment) -> str:
    """Return a name for what else a compiled template depends on; Jinja looks only at the text and at Python."""
    shape = (environment.trim_blocks, environment.lstrip_blocks, getattr(environment, "newstyle_gettext", False))
    return sha256(repr((shape, sorted(environment.extensions))).encode()).hexdigest()[:8]
