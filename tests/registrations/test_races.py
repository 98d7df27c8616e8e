"""Several people at once, each with a connection of its own, on a database file."""

import threading
from pathlib import Path

from matchmaker.accounts.models import User
from matchmaker.app import create_app
from matchmaker.db import db, transaction
from matchmaker.registrations import services
from matchmaker.registrations.errors import AlreadyRegistered
from matchmaker.registrations.models import Participant
from matchmaker.schema import metadata
from tests import factories

PLACES = 3


def _at_once(app, event_id, user_ids):
    """Register all of them at the same moment and return what went wrong."""
    barrier, refused = threading.Barrier(len(user_ids)), []

    def run(user_id):
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    user = db.session.get_one(User, user_id)
                    services.register(event_id, services.RegistrationValues(), user)
            except AlreadyRegistered as error:
                refused.append(error)

    threads = [threading.Thread(target=run, args=(user_id,)) for user_id in user_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_the_last_places_go_to_as_many_people_as_there_are_places(instance_folder: Path):
    app = create_app(instance_dir=str(instance_folder), jobs="inline", mail="memory", base_url="http://localhost")
    with app.app_context():
        metadata.create_all(db.engine)
        with transaction():
            event_id = factories.make_event(capacity=PLACES).id
            users = [factories.make_user().id for _ in range(8)]

    refused = _at_once(app, event_id, [*users, users[0], users[1]])

    with app.app_context():
        states = list(db.session.scalars(db.select(Participant.state)))
        db.session.remove()
        db.engine.dispose()
    assert (sorted(states), len(refused)) == (["confirmed"] * PLACES + ["waiting"] * 5, 2)
