def test_smoke(cast, as_user):
    for path in ("partners", "partners/seekers", "directory", f"partners/{cast.ben.id}", f"partners/{cast.ana.id}"):
        r = as_user(cast.ana).get(f"/events/fair/me/{path}")
        assert r.status_code == 200, path
    for path in ("matching", "matching/recommendations", "matching/recommendations.csv"):
        assert as_user(cast.olga).get(f"/events/fair/manage/{path}").status_code == 200, path
    r = as_user(cast.olga).post("/events/fair/manage/matching")
    assert r.status_code == 303
    assert as_user(cast.olga).get("/events/fair/manage/matching").status_code == 200
