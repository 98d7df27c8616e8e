"""The application for a WSGI server: ``gunicorn wsgi:app``."""

import gc

from matchmaker.app import create_app

app = create_app()
gc.freeze()  # what is there now stays: neither later collections nor the end of a command need to look through it
