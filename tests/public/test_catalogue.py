from matchmaker.public import catalogue


def test_the_catalogue_holds_every_message_of_the_sources():
    assert {message.id for message in catalogue.stored()} == {message.id for message in catalogue.extract()}
