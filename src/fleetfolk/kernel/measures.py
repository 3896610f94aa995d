"""The Prometheus measures that every part may count in."""

from prometheus_client import Counter, Histogram

ACTIONS = Counter("fleetfolk_actions_total", "Actions by code and result.", ["code", "result"])
REQUESTS = Histogram(
    "fleetfolk_request_seconds",
    "Time to answer a request, by URL name and status class.",
    ["url", "method", "status"],
    buckets=(0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
SEARCHES = Histogram(
    "fleetfolk_search_seconds",
    "Time of a search's statements, by what was searched.",
    ["what"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 1),
)
JOBS = Counter("fleetfolk_jobs_total", "Jobs that ended, by kind and how.", ["kind", "state"])
