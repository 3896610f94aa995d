"""The benchmarks: our pages over HTTP, and on the same rows the bare SQL underneath and Django's own admin."""
