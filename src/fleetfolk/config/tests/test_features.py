"""The register of features agrees with the journeys, the Actions, the permissions and the scenes."""

from pathlib import Path

import pytest
from e2e.features import FEATURES, GROUPS, journeys, journeys_of, page

from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.permissions import PERMISSIONS

ROOT = Path(__file__).resolve().parents[4]
ROWS = {"U": 16, "P": 4, "C": 8, "N": 9, "I": 4, "B": 10}
SCENES = "\n".join(file.read_text() for file in sorted((ROOT / "e2e").glob("scenes*.py")))


def test_every_row_is_there() -> None:
    assert list(FEATURES) == [f"{letter}{number + 1}" for letter in GROUPS for number in range(ROWS[letter])]


@pytest.mark.parametrize("row", FEATURES)
def test_a_row_has_a_journey(row: str) -> None:
    assert journeys_of(row), f"no journey of e2e/ is marked with {row}"


def test_every_marked_journey_names_rows_that_there_are() -> None:
    assert not {row for journey in journeys() for row in journey.rows} - set(FEATURES)


@pytest.mark.parametrize("row", FEATURES)
def test_a_row_names_actions_permissions_and_a_scene_that_there_are(row: str) -> None:
    feature = FEATURES[row]
    assert set(feature.actions) <= set(CATALOGUE)
    assert set(feature.sees) <= set(PERMISSIONS)
    assert feature.actions or feature.sees, "a row changes something, or needs a permission to look"
    assert f'"{feature.picture}"' in SCENES


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "reference" / "features.md").read_text() == page(), "run `make reference`"
