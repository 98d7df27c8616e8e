"""Registrations: the overview of an event, who takes part in it and in which state, the waiting list, invitations."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the blueprints and listen to events."""
    from matchmaker.events.signals import closed_events_asked, event_changed
    from matchmaker.registrations import invitation_views, organiser_views, receivers, views

    for module in (views, organiser_views, invitation_views):
        app.register_blueprint(module.blueprint)
    event_changed.connect(receivers.on_event_changed)
    closed_events_asked.connect(receivers.on_closed_events_asked)
