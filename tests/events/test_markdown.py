import pytest

from matchmaker.web.markdown import render_markdown


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "![x](https://evil.example/a.png)",
        "<a href='javascript:1'>x</a>", "[x](data:text/html;base64,xx)", "<style>*{}</style>", '[x](https://a.example "onclick=1")',
    ],
)  # fmt: skip
def test_nothing_dangerous_survives(text):
    html = render_markdown(text)

    for word in ("<script", "<img", "<style", 'href="javascript', 'href="data', "onerror=alert(1)>"):
        assert word not in html


def test_text_is_laid_out():
    html = render_markdown("# Title\n\n* one\n* **two**\n\n[x](https://a.example)")

    assert "<h3>Title</h3>" in html
    assert "<li><strong>two</strong></li>" in html
    assert '<a href="https://a.example" rel="nofollow noopener noreferrer">x</a>' in html


def test_no_text_is_nothing():
    assert render_markdown(None) == ""
