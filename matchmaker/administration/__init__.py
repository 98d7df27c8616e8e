"""Running an installation: people, organisations, jobs, mails, settings; the outbox of a demo; erasing personal data.

On the floor of reports: it reads everything below. Rules about accounts live in ``accounts``.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and take part in export and erasure of personal data."""
    from matchmaker.administration import outbox_views, personal_data, user_views, views

    for module in (views, outbox_views):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(user_views.blueprint)
    personal_data.connect()
