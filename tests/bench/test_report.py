"""What is said of runs: medians, ratios, whether a peer counts, and where the figures stand."""

from collections import Counter
from pathlib import Path

import pytest

from tests.bench.plan import SCENARIOS, Found
from tests.bench.publish import BEGIN, END, PAGE, publish
from tests.bench.report import middle, report
from tests.bench.run import Figures, Scenario


def figures(per_s: float, cpu: float, p99: float = 10.0) -> Figures:
    return Figures(turns=100, per_s=per_s, p50=p99 / 2, p99=p99, cpu=cpu, calibration=5.0)


def said(found: Found) -> str:
    return "\n".join(report(found))


def test_one_slow_run_does_not_move_the_figures() -> None:
    runs = [figures(1000, 1.0), figures(120, 9.0), figures(1100, 0.9)]

    assert middle(runs).per_s == 1000
    assert middle(runs).cpu == 1.0


def test_an_error_in_any_run_is_told() -> None:
    lost = Figures(errors=Counter({"text rows": 2}), calibration=5.0)

    assert "2 text rows" in said({SCENARIOS["base"]: {"together": [figures(9, 1), lost, figures(9, 1)]}})


def test_together_is_compared_with_each_peer() -> None:
    runs = {"together": [figures(1200, 0.5)], "aiogram": [figures(200, 2.0)]}

    assert "6.0x the turns/s of aiogram, which needs 4.0x the CPU for a turn" in said({Scenario(): runs})


def test_at_a_fixed_load_it_is_the_wait_that_is_compared() -> None:
    runs = {"together": [figures(50, 5, p99=12)], "aiogram": [figures(50, 5, p99=8)]}

    assert "p99 at 1.50x that of aiogram" in said({SCENARIOS["fixed"]: runs})


def test_what_many_known_citizens_cost_is_told() -> None:
    found = {
        SCENARIOS[name]: {"together": [figures(100, cpu)]} for name, cpu in (("base", 1), ("known", 1.1))
    }

    assert "1.10x the CPU of one with nobody known" in said(found)


def test_what_a_second_listener_costs_is_told() -> None:
    names = {"one-listener": 1.0, "two-listeners": 1.05, "two-listeners-200": 1.02}
    found = {SCENARIOS[name]: {"together": [figures(100, cpu)]} for name, cpu in names.items()}

    assert "1.05x the CPU of one with one listener" in said(found)
    assert "1.02x the CPU of one with one listener" in said(found)


@pytest.mark.parametrize(
    ("cpu", "verdict"), [(1.2, "does not"), (1.23, "counts"), (2.3, "counts"), (2.4, "does not")]
)
def test_a_peer_counts_only_within_a_quarter_of_its_kind(cpu: float, verdict: str) -> None:
    runs = {"aiogram": [figures(200, cpu)]}

    assert f"reference 326 to 380: {verdict}" in said({SCENARIOS["base"]: runs})


def test_figures_replace_those_before_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}old\n{END}after\n")

    publish(["new", "ones"], page)

    assert page.read_text() == f"before\n{BEGIN}new\nones\n{END}after\n"


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("no marks\n")

    with pytest.raises(ValueError, match="no marks"):
        publish(["new"], page)

    assert page.read_text() == "no marks\n"


def test_the_page_of_figures_has_its_marks() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert text.index(BEGIN) < text.index(END)
