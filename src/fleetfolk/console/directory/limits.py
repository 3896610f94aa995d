"""How far each way to a page is gone before it is given up for another, as the package explains."""

from typing import Final

WALK: Final = 500
WALK_ON: Final = 3_000
COVERED: Final = 2
SAMPLE: Final = 400
COMMON: Final = 0.25
DENSE: Final = 0.10
FEW: Final = 2_500
MANY: Final = 0.01
SURE: Final = 1.3
FAR: Final = 0.05
AS_FAR: Final = 4
PAGE: Final = 100
COUNT_CAP: Final = 1_000
HIDDEN_CAP: Final = 5_000
