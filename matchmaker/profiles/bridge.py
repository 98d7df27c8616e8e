"""Questions of the profile page to ``matching``. Decides nothing."""

from collections.abc import Sequence

COMPARED_IN = frozenset({"en"})  # by words alone, texts of different languages never meet


def foreign_texts(texts: Sequence[str], model: str) -> list[tuple[str, str]]:
    """Return those of the texts whose language the model does not know, each with the code of that language."""
    from matching.languages import unknown_languages
    from matching.models import LEXICAL_MODEL, languages_of

    known = COMPARED_IN if model == LEXICAL_MODEL else languages_of(model)
    return [(texts[place], guess.language) for place, guess in unknown_languages(texts, known).items()]
