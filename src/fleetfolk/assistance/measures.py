"""What is counted about remote assistance."""

from prometheus_client import Counter

STARTED = Counter(
    "fleetfolk_assistance_started_total",
    "Assistances that began, by mode, what allowed them, and what was unusual.",
    ["mode", "basis", "unusual"],
)
ENDED = Counter("fleetfolk_assistance_ended_total", "Assistances that ended, by cause.", ["cause"])
