"""What the gateway measures of itself."""

from prometheus_client import Counter, Histogram

ERRANDS = Counter("fleetfolk_gateway_requests_total", "Requests of devices that were done.")
VALUES = Counter("fleetfolk_gateway_values_total", "Values that devices reported and that were saved.")
ANSWERS = Counter(
    "fleetfolk_gateway_answers_total", "Answers to devices, by protocol and status.", ["protocol", "status"]
)
FLUSH_SECONDS = Histogram(
    "fleetfolk_gateway_flush_seconds",
    "Time of one transaction with everything that waited.",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1),
)
