"""The dashboard and the figures of organisers."""

MANAGE = "/events/fair/manage"


def test_the_dashboard_says_how_much_is_done(cast, as_user):
    page = as_user(cast.olga).get(MANAGE).text

    assert 'aria-label="Done:"' in page
    assert 'aria-label="To do:"' in page
    assert " done</p>" in page


def test_the_figures_name_people_and_not_organisations_in_the_ring(cast, as_user):
    page = as_user(cast.olga).get(f"{MANAGE}/reports").text

    assert '<text class="soft" x="80" y="104" text-anchor="middle">people</text>' in page
