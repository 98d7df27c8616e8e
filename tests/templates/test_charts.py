"""Pictures: the numbers are always there as text, and odd numbers break nothing."""

import pytest

from tests.templates.conftest import Render, Tags

IMPORT = "{% from '_macros/charts.html' import bar_chart, line_chart, heat_map, grid_chart, donut %}"


def test_bars_are_a_table_with_widths_within_bounds(render: Render) -> None:
    tags = Tags(render(IMPORT + "{{ bar_chart('Load', rows, unit='people', top=10) }}", rows=[("a", 5), ("b", 20)]))

    assert [bar["width"] for bar in tags.named("rect") if bar["class"] == "fill series-1"] == ["50.0", "100"]


@pytest.mark.parametrize("rows", [[], [("a", 0)]])
def test_bars_without_numbers_render(render: Render, rows: list[tuple[str, int]]) -> None:
    assert "Load" in render(IMPORT + "{{ bar_chart('Load', rows) }}", rows=rows)


def test_lines_start_and_end_at_the_edges_of_their_numbers(render: Render) -> None:
    series = [{"label": "Best", "points": [(0, 0), (10, 100)]}, {"label": "Bound", "points": [(0, 200), (10, 150)]}]

    text = render(IMPORT + "{{ line_chart('Progress', series, 'Seconds', 'Value') }}", series=series)

    paths = [path["d"] for path in Tags(text).named("path")][2:]  # after the two of the key
    assert paths == ["M64.0 216.0L644.0 121.0", "M64.0 26.0L644.0 73.5"]
    assert text.count("<tr>") == 6


def test_steps_hold_until_the_next_value(render: Render) -> None:
    series = [{"label": "Best", "points": [(0, 0), (5, 10)], "dashed": True}]

    text = render(IMPORT + "{{ line_chart('Progress', series, 's', 'v', step=true) }}", series=series)

    assert "M64.0 216.0H644.0 V26.0H644" in text


@pytest.mark.parametrize("points", [[], [(0, 0)], [(3.5, -2)], [(0, 1e8), (1e6, 1e8)], [(0, -1), (1, 0.001)]])
def test_lines_with_few_or_flat_numbers_render(render: Render, points: list[tuple[float, float]]) -> None:
    text = render(IMPORT + "{{ line_chart('P', [{'label': 'x', 'points': points}], 's', 'v') }}", points=points)

    assert "nan" not in text


def test_a_heat_map_is_a_table_shaded_in_ten_steps(render: Render) -> None:
    tags = Tags(render(IMPORT + "{{ grid_chart('M', ['a', 'b', 'c'], [('r', [none, 0, 9])], corner='x') }}"))

    assert [cell.get("class") for cell in tags.named("td")] == ["heat-none", "heat-0", "heat-9"]


def test_a_ring_leaves_out_what_is_zero(render: Render) -> None:
    text = render(IMPORT + "{{ donut('Kinds', [('a', 3), ('b', 0), ('c', 1)]) }}")

    assert len([ring for ring in Tags(text).named("circle") if "pathlength" in ring]) == 2
    assert "(75 %)" in text


def test_a_ring_of_nothing_renders(render: Render) -> None:
    assert "Kinds" in render(IMPORT + "{{ donut('Kinds', [], centre='none') }}")
