import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.accounts.addresses import domain_and_parents, organisation_domain
from matchmaker.accounts.devices import device_name
from matchmaker.accounts.names import bare_name, likeness, nearest
from matchmaker.web.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź  Straße", "lodz strasse"),
        ("ÑANDÚ", "nandu"),
        ("Ærøskøbing", "aeroskobing"),
        ("İstanbul", "istanbul"),
        ("Ήπειρος", "ηπειροσ"),
        ("ﬁne – good", "fine - good"),
        ("", ""),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Solaria S.L.", "solaria"),
        ("Solaria, SL", "solaria"),
        ("Müller GmbH & Co. KG", "muller"),
        ("UAB „Šviesa“", "sviesa"),
        ("AG", "ag"),
    ],
)
def test_legal_form_and_signs_do_not_count(name, bare):
    assert bare_name(name) in (bare, f"{bare} co")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Solaria S.L.", "SOLARIA"), ("Pannon Green Technologies", "Panon Green Technologies"),
     ("University of Murcia", "Murcia University"), ("Region of Thes", "Region of Thessaly")],
)  # fmt: skip
def test_spellings_of_one_name_are_alike(one, other):
    assert nearest(one, [(1, fold(other))], 5) == [1]


@pytest.mark.parametrize(("one", "other"), [("Solaria", "Polar Foods"), ("!!!", "Solaria"), ("AB", "Abacus Systems")])
def test_different_names_are_not_alike(one, other):
    assert nearest(one, [(1, fold(other))], 5) == []


def test_nearest_come_first_and_not_more_than_asked():
    rows = [(1, "solaria energy"), (2, "solaria"), (3, "solarium"), (4, "other")]

    assert nearest("Solaria", rows, 2) == [2, 3]


def test_likeness_of_equal_names_is_one():
    assert likeness("solaria", "solaria") == 1.0


def test_domain_of_a_provider_says_nothing():
    assert organisation_domain("Ana@GMail.com") == ""
    assert organisation_domain("ana@kodra.example") == "kodra.example"


def test_parents_of_a_domain_end_before_the_top():
    assert domain_and_parents("lab.uni.example") == ["lab.uni.example", "uni.example"]
    assert domain_and_parents("") == []


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8.0 (Linux)", "Linux"),
        ("Firefox/1.0", "Firefox"),
        ("", "Unknown device"),
    ],
)
def test_device_names(database, agent, name):
    assert device_name(agent) == name
