def test_landing_page_answers_when_nobody_is_signed_in(cast, as_user):
    response = as_user(None).get("/")

    assert response.status_code == 200


def test_health_answers(cast, as_user):
    response = as_user(None).get("/health/live")

    assert response.json == {"status": "ok"}
